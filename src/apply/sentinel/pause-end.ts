import type { PauseFailover } from '../../domain/action.ts';
import { PAUSE_FOLDER } from '../../domain/sentinel/pause.ts';
import { sh } from '../../domain/shell.ts';

/**
 * Ends a pause on the node itself: run by a timer, or by `resume`. $1 master’s name, $2 port, $3 sentinel.conf, $4
 * down-after-milliseconds, $5 unit, $6 address. The value first, then everything the pause left: killed in between, it
 * runs again. Sentinel’s password comes from its own file, so that a new one counts.
 */
export const END_PAUSE = sh`
set -u
master=$1 port=$2 file=$3 value=$4 unit=$5 address=$6
timer=redisops-resume-$master
REDISCLI_AUTH=$(sed -n 's/^requirepass "\\{0,1\\}\\([^"]*\\)"\\{0,1\\}$/\\1/p' "$file" | tail -n 1)
export REDISCLI_AUTH
[ -n "$REDISCLI_AUTH" ] || unset REDISCLI_AUTH
client=redis-cli
command -v redis-cli >/dev/null || client=valkey-cli
host=127.0.0.1
cli() { "$client" -h "$host" -p "$port" "$@" 2>&1; }
[ "$(cli PING)" = PONG ] || host=$address
said=$(cli SENTINEL SET "$master" down-after-milliseconds "$value")
case $said in
  OK|*'No such master'*) ;;
  *) printf 'SENTINEL SET: %s\n' "$said" >&2; exit 1 ;;
esac
rm -f -- ${PAUSE_FOLDER}/"$unit.pause.$master"
systemctl stop --no-block "$timer.timer" 2>/dev/null
rm -f -- "/etc/systemd/system/timers.target.wants/$timer.timer" "/etc/systemd/system/$timer.timer" \
  "/etc/systemd/system/$timer.service" "/var/lib/systemd/timers/stamp-$timer.timer" ${PAUSE_FOLDER}/"$timer.sh"
systemctl daemon-reload
`;

/**
 * Sets the end of a pause, before it begins. The script above on standard input, then as parameters: the note, seconds
 * until the end, and the script’s own parameters. A timer of the calendar that is persistent: it also fires at the next
 * boot if the host was down at the time. A failed end is tried again every 5 s.
 */
export const ARM_PAUSE_END = sh`
set -eu
umask 022
note=$1 seconds=$2
shift 2
timer=redisops-resume-$1
units=/etc/systemd/system
mkdir -p -- ${PAUSE_FOLDER}
cat >${PAUSE_FOLDER}/"$timer.sh.new"
mv -fT -- ${PAUSE_FOLDER}/"$timer.sh.new" ${PAUSE_FOLDER}/"$timer.sh"
cat >"$units/$timer.service" <<UNIT
[Unit]
Description=redisops: resume automatic failover of $1
StartLimitIntervalSec=0
[Service]
Type=oneshot
ExecStart=/bin/sh ${PAUSE_FOLDER}/$timer.sh $*
Restart=on-failure
RestartSec=5
UNIT
cat >"$units/$timer.timer" <<UNIT
[Unit]
Description=redisops: end of the pause of automatic failover of $1
[Timer]
OnCalendar=$(date -u -d "+$seconds seconds" '+%Y-%m-%d %H:%M:%S UTC')
AccuracySec=1s
Persistent=true
[Install]
WantedBy=timers.target
UNIT
rm -f -- "/var/lib/systemd/timers/stamp-$timer.timer"
sync -- "$units/$timer.service" "$units/$timer.timer" ${PAUSE_FOLDER}/"$timer.sh"
systemctl daemon-reload
systemctl --quiet enable "$timer.timer"
systemctl restart "$timer.timer"
printf '%s\n' "$note" >${PAUSE_FOLDER}/"$5.pause.$1.new"
sync -- ${PAUSE_FOLDER}/"$5.pause.$1.new"
mv -fT -- ${PAUSE_FOLDER}/"$5.pause.$1.new" ${PAUSE_FOLDER}/"$5.pause.$1"
sync -- ${PAUSE_FOLDER}
`;

/** The parameters of the script that ends a pause. */
export function endParameters(
  { port, path, unit }: Pick<PauseFailover, 'port' | 'path' | 'unit'>,
  { master, downAfterMs }: { master: string; downAfterMs: number },
  address: string,
): readonly string[] {
  return [master, String(port), path, String(downAfterMs), unit, address];
}
