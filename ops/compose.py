"""One-shot jobs of docker-compose.yml: `secrets` makes passwords and keys, `provision` prepares the database.

Invariant: a container sees only its own secrets; neither the compose file nor an image holds any.
"""

import argparse
import asyncio
import shlex
import shutil
from pathlib import Path
from urllib.parse import quote

from ops.credentials import Credentials
from ops.environment import Surroundings, service_environment
from ops.keys import Keys
from ops.provision import DATABASE, Database, provision
from ops.servers.definitions import ADMIN, SERVICES, VHOST, definitions_json
from ops.servers.postgres import SUPERUSER

SECRETS = Path("/secrets")  # one directory per container, which the container mounts on MOUNTED
MOUNTED = Path("/run/guangcai")
READABLE = 0o444  # the containers run as different accounts; access is controlled by which volume a container mounts
RABBITMQ_CONFIGURATION = f"load_definitions = {MOUNTED}/definitions.json\n"


def write_secrets(directory: Path) -> None:
    """Fill one directory per container under `directory`. Idempotent: what `admin` holds is kept, the rest is derived from it."""
    credentials, keys = Credentials(directory / "admin"), Keys(directory / "admin" / "keys")
    database = database_of(credentials)
    around = Surroundings(
        database=database,
        amqp_url=lambda user: f"amqp://{user}:{quote(credentials.password(user), safe='')}@rabbitmq:5672/{VHOST}",
        service_urls={name: f"http://{name}:8000" for name in SERVICES},
        keys=keys,
        public_key_file=MOUNTED / keys.public_file.name,
        vault_key_file=MOUNTED / keys.vault_file.name,
    )
    for name in SERVICES:
        lines = [f"{key}={shlex.quote(value)}\n" for key, value in service_environment(name, around).items()]
        _write(directory / name / "environment", "".join(lines))
        _copy(keys.public_file, directory / name)
    _copy(keys.vault_file, directory / "registration")
    _write(directory / "postgres" / "password", credentials.password(SUPERUSER))
    _write(directory / "rabbitmq" / "definitions.json", definitions_json(credentials.passwords(ADMIN, *SERVICES)))
    _write(directory / "rabbitmq" / "rabbitmq.conf", RABBITMQ_CONFIGURATION)


def database_of(credentials: Credentials) -> Database:
    """The database of the compose project, as its containers reach it."""
    admin_url = f"postgresql://{SUPERUSER}:{quote(credentials.password(SUPERUSER), safe='')}@postgres:5432/postgres"
    return Database(admin_url, DATABASE, credentials.password)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text)
    path.chmod(READABLE)


def _copy(source: Path, directory: Path) -> None:
    target = directory / source.name
    target.unlink(missing_ok=True)
    shutil.copyfile(source, target)
    target.chmod(READABLE)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.compose", description=__doc__)
    parser.add_argument("job", choices=["secrets", "provision"])
    if parser.parse_args().job == "secrets":
        write_secrets(SECRETS)
    else:
        database = database_of(Credentials(SECRETS / "admin"))
        asyncio.run(provision(database.admin_url, database.password))


if __name__ == "__main__":
    main()
