# syntax=docker/dockerfile:1
# One image per service: shared/ plus that one service, run by an account without rights.
#   docker build --build-arg SERVICE=registration -t guangcai/registration .
# The target `setup` makes secrets and provisions the database; docker-compose.yml uses both.

FROM python:3.11-slim-bookworm AS python
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/app PATH=/opt/venv/bin:$PATH
WORKDIR /app
RUN groupadd --gid 10001 guangcai && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin guangcai

FROM python AS locked
ENV UV_PROJECT_ENVIRONMENT=/opt/venv UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock ./
# uv in the version of the lock file.
RUN pip install --no-cache-dir "uv==$(sed -n '/^name = "uv"$/{n;s/^version = "\(.*\)"$/\1/p;}' uv.lock)"

FROM locked AS service-dependencies
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-default-groups

FROM locked AS setup-dependencies
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-default-groups --group ops

FROM python AS setup
COPY --from=setup-dependencies /opt/venv /opt/venv
COPY shared/ shared/
COPY services/ services/
COPY ops/ ops/
# A new volume inherits owner and mode of the directory on which it is mounted.
RUN mkdir -p /secrets/admin /secrets/postgres /secrets/rabbitmq && cd services && for service in */; do mkdir "/secrets/$service"; done \
    && chown -R guangcai:guangcai /secrets && chmod 700 /secrets/admin
USER guangcai
CMD ["python", "-m", "ops.compose", "secrets"]

FROM python AS service
ARG SERVICE
ENV GUANGCAI_SERVICE=${SERVICE}
COPY --from=service-dependencies /opt/venv /opt/venv
COPY shared/ shared/
COPY services/__init__.py services/__init__.py
COPY services/${SERVICE}/ services/${SERVICE}/
USER guangcai
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=5 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=2)"]
# Settings come from the environment and, if mounted, from the file on this path (docker-compose.yml does that).
CMD ["sh", "-c", "set -a; if [ -f /run/guangcai/environment ]; then . /run/guangcai/environment; fi; exec python -m shared.runtime.serving $GUANGCAI_SERVICE --host 0.0.0.0 --port 8000"]
