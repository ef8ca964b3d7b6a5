# Start of a container: `provision`, or the name of a service, whose settings `provision` left in the data folder.
set -eu
if [ "$1" = provision ]; then
  exec node packages/hub/src/cli.ts provision
fi
set -a
. "$ERX_DATA_DIR/env/$1.env"
exec node "services/$1/src/main.ts"
