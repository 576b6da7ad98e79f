"""Observability of a service: JSON logs, Prometheus metrics, OpenTelemetry traces. Use it like this (shared/runtime/service.py does):

    configure_logging("activities"); configure_tracing("activities", endpoint=None)
    metrics = Metrics("activities"); app.add_middleware(metrics.asgi_middleware); GET /metrics → metrics.render()

Invariant: no personal data in logs, metrics or traces. Logs hold only known fields; errors are logged by type and place, without message.
"""

import importlib
import json
import logging
import sys
import time
import traceback
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import Any, Final, cast

from opentelemetry import context, propagate, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The only extra fields a log line may have. Ids are pseudonymous, `error` is the name of a type; anything else in `extra` is dropped.
LOG_FIELDS: Final = (
    "district",
    "correlation_id",
    "source",
    "consumer",
    "stream",
    "sequence",
    "event_id",
    "event_type",
    "intent_key",
    "kind",
    "method",
    "route",
    "status",
    "seconds",
    "count",
    "attempts",
    "code",
    "error",
)
QUIET_LOGGERS: Final = ("uvicorn.access", "httpx2", "httpcore2", "aio_pika", "aiormq", "faststream")
FASTEST_FIRST: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
PROMETHEUS_CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_log_context: ContextVar[Mapping[str, str]] = ContextVar("log_context", default=MappingProxyType({}))


@contextmanager
def log_context(**fields: object) -> Generator[None]:
    """Put `fields` (names of LOG_FIELDS) on every log line written inside, also in tasks started inside."""
    known = {name: str(value) for name, value in fields.items() if name in LOG_FIELDS and value is not None}
    token = _log_context.set({**_log_context.get(), **known})
    try:
        yield
    finally:
        _log_context.reset(token)


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time, level, service, logger, message, the fields of LOG_FIELDS, and for errors their type and place."""

    def __init__(self, service: str) -> None:
        """Stamp every line with `service`."""
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """Give the line for one record."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
            **_log_context.get(),
        }
        for name in LOG_FIELDS:
            value = record.__dict__.get(name)
            if value is not None:
                line[name] = value if isinstance(value, int | float) else str(value)
        span = trace.get_current_span().get_span_context()
        if span.is_valid:
            line["trace_id"] = trace.format_trace_id(span.trace_id)
        if record.exc_info and record.exc_info[0] is not None:
            # An exception's message may quote the row or input that caused it, and with it personal data.
            line["error"] = record.exc_info[0].__qualname__
            line["at"] = places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def places(trail: TracebackType | None) -> list[str]:
    """The stack of an exception, innermost last, as "file:line function" without values."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trail)]


def configure_logging(service: str, level: str = "INFO") -> None:
    """Write JSON lines of `service` to stdout from `level` upwards. Replaces the handlers that are there; safe to call again."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(service))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        # uvicorn installs its own handlers; send its lines through ours.
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True


class Metrics:
    """The Prometheus metrics of one service, in a registry of their own; times in seconds, lags in events.

    `asgi_middleware` fills `http_seconds(method, route, status)`; the counters of log, relay and consumer are added on every request
    for the page (shared/runtime/operations.py).
    """

    def __init__(self, service: str) -> None:
        """Register everything under `guangcai_…` with the label service=`service`."""
        self.service = service
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.http_seconds = self._histogram("http_request_seconds", "Time to answer a request", "method", "route", "status")

    def asgi_middleware(self, app: ASGIApp) -> ASGIApp:
        """Wrap `app`: time every request by route template, and continue the caller's trace. Fits `app.add_middleware`."""
        return _Measured(app, self)

    def render(self) -> bytes:
        """Give the exposition text for GET /metrics (content type PROMETHEUS_CONTENT_TYPE)."""
        return generate_latest(self.registry)

    def _histogram(self, name: str, text: str, *labels: str) -> Histogram:
        return Histogram(f"guangcai_{name}", text, labels, buckets=FASTEST_FIRST, registry=self.registry)


class _Measured:
    """The middleware behind Metrics.asgi_middleware."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._tracer = trace.get_tracer("guangcai.http")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        token = context.attach(propagate.extract(headers))
        began = time.perf_counter()
        try:
            with self._tracer.start_as_current_span(scope["method"], kind=trace.SpanKind.SERVER) as span:
                await self._app(scope, receive, note_status)
                span.update_name(f"{scope['method']} {route_of(scope)}")
                span.set_attribute("http.response.status_code", status)
        finally:
            context.detach(token)
            elapsed = time.perf_counter() - began
            self._metrics.http_seconds.labels(scope["method"], route_of(scope), str(status)).observe(elapsed)


def route_of(scope: Scope) -> str:
    """Route template of a request, e.g. "/posts/{post_id}/claims": with ids there would be a metric per member."""
    return str(getattr(scope.get("route"), "path", "unmatched"))


def configure_tracing(service: str, endpoint: str | None) -> None:
    """Send spans of `service` to the OTLP/HTTP collector at `endpoint`; without one, callers' traces are only propagated.

    Raises RuntimeError when an endpoint is configured and the exporter is not installed.
    """
    if endpoint is None:
        return
    try:
        module = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    except ImportError as missing:
        message = "install opentelemetry-exporter-otlp-proto-http, or leave the OTLP endpoint unset"
        raise RuntimeError(message) from missing
    make_exporter = cast("Callable[..., SpanExporter]", module.OTLPSpanExporter)
    provider = TracerProvider(resource=Resource.create({"service.name": f"guangcai-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(make_exporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))
    trace.set_tracer_provider(provider)


def current_traceparent() -> str | None:
    """W3C traceparent of the current span (for the event envelope and outgoing requests), or None outside a trace."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")
