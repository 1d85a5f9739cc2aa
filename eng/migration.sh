#!/usr/bin/env bash
# Adds a migration of the same name for both databases:   ./eng/migration.sh AddVisits
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ $# -ne 1 || ! $1 =~ ^[A-Z][A-Za-z0-9]*$ ]]; then
  echo 'usage: eng/migration.sh NAME   (a C# name, such as AddVisits)' >&2
  exit 2
fi

dotnet tool restore --verbosity quiet
dotnet build Portal --nologo --verbosity quiet # once: both migrations come from the same model

add() { # context, folder
  # No database is asked; the provider only decides which of the two contexts is registered.
  Database__Provider=$3 ConnectionStrings__Portal='' dotnet ef migrations add "$1" --project Portal --no-build --context "$2" --output-dir "Data/Migrations/$3"
}
add "$1" SqlitePortalDb Sqlite
if ! add "$1" PostgresPortalDb Postgres; then
  echo "Only the SQLite migration was added. Take Data/Migrations/Sqlite back with git, mend the cause, run this again." >&2
  exit 1
fi
