#!/usr/bin/env bash
# Until there is a first release there is one migration for each database, Initial, made anew from the model whenever that changes:   ./eng/migration.sh
# Databases made before are of an earlier edition and say so; demonstration data is written anew with `demo reset`.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet tool restore --verbosity quiet
kept=$(mktemp -d)
mv Portal/Data/Migrations "$kept"
trap 'rm -rf "$kept"' EXIT

add() { # context, folder
  # No database is asked; the provider only decides which of the two contexts is registered.
  Database__Provider=$2 ConnectionStrings__Portal='' dotnet ef migrations add Initial --project Portal --no-build --context "$1" --output-dir "Data/Migrations/$2"
}
if ! { dotnet build Portal --nologo --verbosity quiet && add SqlitePortalDb Sqlite && add PostgresPortalDb Postgres; }; then # both come from the same build
  rm -rf Portal/Data/Migrations
  mv "$kept/Migrations" Portal/Data/Migrations
  echo "Nothing was changed. Mend the cause and run this again." >&2
  exit 1
fi
