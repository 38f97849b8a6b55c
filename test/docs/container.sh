#!/bin/sh
# Runs a host as a container would: a root of its own that cannot be written to, the system's files read-only in it, its
# own processes, a user without rights. To be run by root under `unshare --mount --pid --fork`.
#
# container.sh <empty folder> <project> <repository> <node> <size of /dev/shm, or none> <with or without /tmp> <init, or none> <file and its arguments>
set -eu
root=$1 project=$2 repository=$3 node=$4 shm=$5 tmp=$6 init=$7
shift 7

readonly_bind() {
  mount --bind "$1" "$2"
  mount -o remount,bind,ro "$2"
}

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$root"
cd "$root"
mkdir proc dev dev/shm tmp app
for folder in usr lib lib64 bin etc; do
  mkdir $folder
  readonly_bind /$folder $folder
done
touch node init dev/null
readonly_bind "$node" node
[ "$init" = none ] || readonly_bind "$init" init
mount --bind /dev/null dev/null

cp "$project"/*.js "$project/package.json" app
mkdir -p app/node_modules/portreeve/dist app/node_modules/portreeve/node_modules
cp "$repository/package.json" app/node_modules/portreeve
readonly_bind "$repository/dist" app/node_modules/portreeve/dist
readonly_bind "$repository/node_modules" app/node_modules/portreeve/node_modules
cp -L "$project/compute" app/compute

mount -t proc proc proc
[ "$shm" = none ] || mount -t tmpfs -o "mode=1777,size=$shm" tmpfs dev/shm
[ "$tmp" = without ] || mount -t tmpfs -o mode=1777 tmpfs tmp
mount -o remount,ro "$root"

unprivileged="setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all"
inside="cd /app && exec \"\$@\""
[ "$init" = none ] && exec chroot . $unprivileged sh -c "$inside" sh /node "$@"
exec chroot . $unprivileged sh -c "$inside" sh /init -- /node "$@"
