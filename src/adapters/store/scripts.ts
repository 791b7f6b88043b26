/**
 * KEYS: run, index, audit. ARGV: name, nonce, time in ms, runs kept, three key prefixes, audit entry, entries kept,
 * then fields. Returns 1 if new.
 */
export const CREATE_RUN = `
if redis.call('EXISTS', KEYS[1]) == 1 then
  return redis.call('HGET', KEYS[1], 'creation') == ARGV[2] and 1 or 0
end
redis.call('HSET', KEYS[1], 'creation', ARGV[2], unpack(ARGV, 10))
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[9], '*', 'entry', ARGV[8])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
local surplus = redis.call('ZRANGE', KEYS[2], 0, -1 - ARGV[4])
for _, name in ipairs(surplus) do
  redis.call('ZREM', KEYS[2], name)
  redis.call('DEL', ARGV[5] .. name, ARGV[6] .. name, ARGV[7] .. name)
end
return 1`;

/** KEYS: run. ARGV: fields. Returns 0 if there is no such run, or it has ended: an end is final. */
export const UPDATE_RUN = `
if redis.call('HGET', KEYS[1], 'finishedAt') ~= 'null' then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1`;

/**
 * KEYS: run, unreported. ARGV: name, nonce, result, milliseconds until it should be reported, then fields. Returns 0 if
 * the run had ended before.
 */
export const FINISH_RUN = `
local kept = redis.call('HMGET', KEYS[1], 'finishedAt', 'ending')
if not kept[1] then return 1 end
if kept[1] ~= 'null' then return kept[2] == ARGV[2] and 1 or 0 end
redis.call('HSET', KEYS[1], 'ending', ARGV[2], 'result', ARGV[3], unpack(ARGV, 5))
local time = redis.call('TIME')
redis.call('ZADD', KEYS[2], time[1] * 1000 + ARGV[4], ARGV[1])
return 1`;

/**
 * KEYS: unreported. ARGV: milliseconds until they may be taken again, key prefix of runs. Returns names with results.
 */
export const TAKE_UNREPORTED = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local results = {}
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 20)) do
  local result = redis.call('HGET', ARGV[2] .. name, 'result')
  if result then
    redis.call('ZADD', KEYS[1], now + ARGV[1], name)
    results[#results + 1] = { name, result }
  else
    redis.call('ZREM', KEYS[1], name)
  end
end
return results`;

/** KEYS: run. ARGV: the stop. Resending the same stop changes nothing. */
export const STOP_RUN = `
local kept = redis.call('HMGET', KEYS[1], 'finishedAt', 'stop')
if not kept[1] then return 'unknown' end
if kept[2] then return kept[2] == ARGV[1] and 'asked' or 'asked-before' end
if kept[1] ~= 'null' then return 'ended' end
redis.call('HSET', KEYS[1], 'stop', ARGV[1])
return 'asked'`;

/** KEYS: run, unreported. ARGV: name. */
export const MARK_REPORTED = `
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[1], 'result')
return 1`;

/**
 * KEYS: approval. ARGV: request, expiry in ms, seconds kept, digest, `again`. An earlier decision stands, with what it was
 * made on: returns 0 then. With `again`, it stands for its own plan only.
 */
export const OPEN_APPROVAL = `
if redis.call('HEXISTS', KEYS[1], 'decision') == 1 then
  if ARGV[5] ~= 'again' or redis.call('HGET', KEYS[1], 'digest') == ARGV[4] then return 0 end
  redis.call('HDEL', KEYS[1], 'decision', 'by', 'nonce', 'decidedAt')
end
redis.call('HSET', KEYS[1], 'request', ARGV[1], 'expiresAt', ARGV[2], 'digest', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1`;

/** KEYS: approval. ARGV: request, expiry in ms, seconds kept, digest. Returns 0 unless this plan waits for a decision. */
export const EXTEND_APPROVAL = `
local kept = redis.call('HMGET', KEYS[1], 'digest', 'decision')
if kept[1] ~= ARGV[4] or kept[2] then return 0 end
redis.call('HSET', KEYS[1], 'request', ARGV[1], 'expiresAt', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1`;

/**
 * KEYS: approval, run. ARGV: by, decision, nonce, digest, decision for the run’s record. Uses the server’s clock, as
 * callers’ clocks differ. Expiry is a decision like the others: a click and an expiry cannot both win.
 */
export const SPEND_APPROVAL = `
local kept = redis.call('HMGET', KEYS[1], 'expiresAt', 'decision', 'nonce', 'digest')
if not kept[1] then return 'unknown' end
if kept[2] == 'expired' then return 'expired' end
if kept[2] then return kept[3] == ARGV[3] and 'spent' or 'already-spent' end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function decide(decision)
  redis.call('HSET', KEYS[1], 'by', ARGV[1], 'decision', decision, 'nonce', ARGV[3], 'decidedAt', string.format('%.0f', now))
end
local ended = redis.call('HGET', KEYS[2], 'finishedAt')
if ended and ended ~= 'null' then return 'ended' end
if redis.call('HEXISTS', KEYS[2], 'stop') == 1 then return 'stopped' end
if now >= tonumber(kept[1]) then
  decide('expired')
  return 'expired'
end
if kept[4] ~= ARGV[4] then return 'stale' end
decide(ARGV[2])
if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('HSET', KEYS[2], 'decision', ARGV[5]) end
return 'spent'`;

/** KEYS: approval. */
export const EXPIRE_APPROVAL = `
local kept = redis.call('HMGET', KEYS[1], 'expiresAt', 'decision')
if not kept[1] then return 'unknown' end
if kept[2] then return kept[2] == 'expired' and 'expired' or 'decided' end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now < tonumber(kept[1]) then return 'waiting' end
redis.call('HSET', KEYS[1], 'by', '', 'decision', 'expired', 'decidedAt', string.format('%.0f', now))
return 'expired'`;

/**
 * KEYS: turn. ARGV: token, milliseconds after which an unfinished turn is lost, whether it may come early. Returns
 * `first`, `due` or `no`.
 */
export const TAKE_DRIFT_TURN = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'due', 'token', 'until')
if kept[2] ~= ARGV[1] then
  if kept[3] and now < tonumber(kept[3]) then return 'no' end
  if kept[1] and now < tonumber(kept[1]) and ARGV[3] ~= 'soon' then return 'no' end
  redis.call('HSET', KEYS[1], 'token', ARGV[1], 'until', string.format('%.0f', now + ARGV[2]))
end
return kept[1] and 'due' or 'first'`;

/** KEYS: turn. ARGV: token, milliseconds until the next one. */
export const END_DRIFT_TURN = `
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'due', string.format('%.0f', now + ARGV[2]))
redis.call('HDEL', KEYS[1], 'token', 'until')
return 1`;

/**
 * KEYS: lock. ARGV: by, reason, milliseconds (0: until unlocked). Returns 0 if someone else holds it; the holder may
 * change reason and time. Expires by the server’s clock.
 */
export const LOCK = `
local holder = redis.call('HGET', KEYS[1], 'by')
if holder and holder ~= ARGV[1] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local expires = ''
if tonumber(ARGV[3]) > 0 then expires = string.format('%.0f', now + ARGV[3]) end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'by', ARGV[1], 'reason', ARGV[2], 'at', string.format('%.0f', now), 'until', expires)
if expires ~= '' then redis.call('PEXPIREAT', KEYS[1], expires) end
return 1`;

/** KEYS: lock. Returns the removed lock. */
export const UNLOCK = `
local lock = redis.call('HGETALL', KEYS[1])
redis.call('DEL', KEYS[1])
return lock`;

/** KEYS: owners. ARGV: cluster, repository, previous owner (empty: none). Returns the current owner. */
export const CLAIM_CLUSTER = `
local owner = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if owner ~= '' and owner ~= ARGV[3] then return owner end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return ARGV[2]`;

/** KEYS: branch. ARGV: last handled commit (empty: none), new one. Resending it changes nothing. */
export const MARK_HANDLED = `
local handled = redis.call('GET', KEYS[1])
if handled == ARGV[2] then return 1 end
if (handled or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1`;

/**
 * KEYS: head. ARGV: number, hash, hash of the entry before. What does not follow the head, or begins anew, marks it as
 * broken, and it stays as it is. Resending changes nothing.
 */
export const KEEP_AUDIT_HEAD = `
local kept = redis.call('HMGET', KEYS[1], 'number', 'hash', 'broken')
local number, last = tonumber(ARGV[1]), tonumber(kept[1] or 0)
if kept[3] or (number == last and kept[2] == ARGV[2]) then return 0 end
local isOther = number == last or (number == last + 1 and last > 0 and kept[2] ~= ARGV[3])
if last > 0 and (isOther or number == 1) then
  redis.call('HSET', KEYS[1], 'broken', 1)
elseif number > last then
  redis.call('HSET', KEYS[1], 'number', ARGV[1], 'hash', ARGV[2])
end
return 1`;

/** KEYS: lease. ARGV: holder, milliseconds. Returns 1 for its holder, who renews it, and for the first after its end. */
export const TAKE_LEASE = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/**
 * KEYS: watched master, failover, index. ARGV: watched master before (empty: none) and now, name (empty: no failover),
 * time in ms, failovers kept, key prefix, then fields. Returns 0 if another worker was first. Resending it changes
 * nothing.
 */
export const OPEN_FAILOVER = `
local kept = redis.call('GET', KEYS[1])
if kept == ARGV[2] then return 1 end
if (kept or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
if ARGV[3] == '' then return 1 end
redis.call('HSET', KEYS[2], unpack(ARGV, 7))
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[3])
for _, name in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1 - ARGV[5])) do
  redis.call('ZREM', KEYS[3], name)
  redis.call('DEL', ARGV[6] .. name)
end
return 1`;
