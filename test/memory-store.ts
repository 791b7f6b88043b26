import type { DriftRecord } from '../src/domain/drift/drift-record.ts';
import type { FailoverRecord, WatchedMaster } from '../src/domain/failover/failover-record.ts';
import type { HealthRecord } from '../src/domain/health/health-record.ts';
import type { DriftTurn } from '../src/domain/drift/drift-turn.ts';
import type { MessageReference } from '../src/domain/chat/message.ts';
import type { JournalEntry } from '../src/domain/run/journal.ts';
import type { LastLook } from '../src/domain/health/last-look.ts';
import type { SeenSigns } from '../src/domain/intrusion/suspicion.ts';
import type { Looks } from '../src/ports/looks.ts';
import type { Lock } from '../src/domain/run/lock.ts';
import { endStatus } from '../src/domain/run/run.ts';
import type { AuditHead } from '../src/domain/audit/chain.ts';
import type { ApprovalRequest, AuditEntry, Decision, RunRecord, RunResult } from '../src/domain/run/run.ts';
import { isSaidOnce, type Delivery, type KeptNote } from '../src/domain/chat/note.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Outbox } from '../src/ports/outbox.ts';
import type {
  Approvals,
  Askers,
  Audit,
  Branches,
  Drifts,
  Failovers,
  Health,
  Journals,
  Locks,
  Runs,
  Store,
  Threads,
} from '../src/ports/store.ts';

/** The contents of a memory store, for inspection and preparation. */
export interface Kept {
  runs: Map<string, RunRecord>;
  /** Ends that counted. */
  ended: RunResult[];
  /** Unreported results by run, and when another worker may take them. */
  unreported: Map<string, { result: RunResult; from: number }>;
  audited: AuditEntry[];
  health: Map<string, HealthRecord>;
  failovers: Map<string, FailoverRecord>;
  /** By cluster. */
  masters: Map<string, WatchedMaster>;
  /** By cluster. */
  drifts: Map<string, DriftRecord>;
  locks: Map<string, Lock>;
  looks: Map<string, LastLook>;
  signs: Map<string, SeenSigns>;
  /** By repository and branch. */
  handled: Map<string, string>;
  /** Each cluster’s repository. */
  owners: Map<string, string>;
}

export function nothingKept(): Kept {
  return {
    runs: new Map(),
    ended: [],
    unreported: new Map(),
    audited: [],
    drifts: new Map(),
    health: new Map(),
    failovers: new Map(),
    masters: new Map(),
    locks: new Map(),
    looks: new Map(),
    signs: new Map(),
    handled: new Map(),
    owners: new Map(),
  };
}

const TURN_MS = 300_000;

/** A store in memory, with the same contract as the one in Redis, by the given clock. */
export function memoryStore(kept: Kept, clock: Clock, { reportWithinMs = 120_000 } = {}): Store {
  return {
    ...memoryRuns(kept, clock, reportWithinMs),
    ...memoryThreads(),
    ...memoryJournals(),
    ...memoryApprovals(kept, clock),
    ...memoryDrifts(kept, clock),
    ...memoryHealth(kept, clock),
    ...memoryFailovers(kept),
    ...memoryLooks(kept),
    ...memoryLocks(kept, clock),
    ...memoryBranches(kept),
    ...memoryAskers(),
    ...memoryAudit(kept),
    ...memoryOutbox(clock),
  };
}

/** Lets another caller go first: exclusive decisions are made after this, atomically. */
const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function memoryRuns({ runs, ended, unreported, audited }: Kept, clock: Clock, reportWithinMs: number): Runs {
  const newestFirst = (cluster: string, limit: number): readonly RunRecord[] =>
    [...runs.values()]
      .filter((run) => run.cluster === cluster)
      .toSorted((a, b) => Date.parse(b.requestedAt) - Date.parse(a.requestedAt) || (a.run < b.run ? 1 : -1))
      .slice(0, limit);
  return {
    async createRun(run, what) {
      await later();
      if (runs.has(run.run)) return false;
      runs.set(run.run, run);
      const { requestedAt: at, origin, cluster, code, status } = run;
      audited.push({ at, origin, cluster, what, outcome: code ?? status, run: run.run });
      return true;
    },
    async updateRun(run, change) {
      const record = runs.get(run);
      if (record?.finishedAt === null) runs.set(run, { ...record, ...change });
    },
    async stopRun(run, stop) {
      await later();
      const record = runs.get(run);
      if (!record) return 'unknown';
      if (record.stop) return 'asked-before';
      if (record.finishedAt !== null) return 'ended';
      runs.set(run, { ...record, stop });
      return 'asked';
    },
    run: async (run) => runs.get(run) ?? null,
    runs: async (cluster, limit) => newestFirst(cluster, limit),
    history: async (cluster, limit) => ({ runs: newestFirst(cluster, limit), unreadable: [] }),
    async finishRun(result) {
      await later();
      const record = runs.get(result.run);
      if (!record) return true;
      if (record.finishedAt !== null) return false;
      const { code, message, revision, durationMs } = result;
      const finishedAt = clock.now().toISOString();
      runs.set(result.run, { ...record, status: endStatus(result), code, message, revision, durationMs, finishedAt });
      unreported.set(result.run, { result, from: clock.now().getTime() + reportWithinMs });
      ended.push(result);
      return true;
    },
    async markReported({ run }) {
      unreported.delete(run);
    },
    result: async (run) => ended.findLast((each) => each.run === run) ?? null,
    async takeUnreported(cluster) {
      await later();
      const now = clock.now().getTime();
      const due = [...unreported.values()].filter(({ result, from }) => result.cluster === cluster && from <= now);
      for (const each of due) each.from = now + reportWithinMs;
      return due.map(({ result }) => result);
    },
  };
}

function memoryThreads(): Threads {
  const threads = new Map<string, MessageReference>();
  return {
    rememberThread: async (run, message) => void threads.set(run, message),
    threadOf: async (run) => threads.get(run) ?? null,
  };
}

function memoryJournals(): Journals {
  const journals = new Map<string, readonly JournalEntry[]>();
  return {
    recordStep: async (run, entry) => void journals.set(run, [...(journals.get(run) ?? []), entry]),
    journal: async (run) => journals.get(run) ?? [],
    startOver: async (run) => void journals.delete(run),
  };
}

function memoryApprovals({ runs }: Kept, clock: Clock): Approvals {
  const requests = new Map<string, ApprovalRequest>();
  const decisions = new Map<string, Decision | 'expired'>();
  const isOver = ({ expiresAt }: ApprovalRequest): boolean => clock.now().getTime() >= Date.parse(expiresAt);
  return {
    async openApproval(request, again = false) {
      const isSame = requests.get(request.id)?.plan.digest === request.plan.digest;
      if (decisions.has(request.id) && (!again || isSame)) return false;
      decisions.delete(request.id);
      requests.set(request.id, request);
      return true;
    },
    approval: async (id) => requests.get(id) ?? null,
    async extendApproval(request) {
      await later();
      const waiting = requests.get(request.id);
      if (waiting?.plan.digest !== request.plan.digest || decisions.has(request.id)) return false;
      requests.set(request.id, request);
      return true;
    },
    async spendApproval({ approval: id, digest, decision }, by) {
      await later();
      const [request, decided, run] = [requests.get(id), decisions.get(id), runs.get(id)];
      if (!request) return 'unknown';
      if (decided) return decided === 'expired' ? 'expired' : 'already-spent';
      if (run && run.finishedAt !== null) return 'ended';
      if (run?.stop) return 'stopped';
      if (isOver(request)) {
        decisions.set(id, 'expired');
        return 'expired';
      }
      if (request.plan.digest !== digest) return 'stale';
      const taken = { by, decision, at: clock.now().toISOString() };
      decisions.set(id, taken);
      if (run) runs.set(id, { ...run, decision: taken });
      return 'spent';
    },
    async expireApproval(id) {
      const [request, decided] = [requests.get(id), decisions.get(id)];
      if (!request) return 'unknown';
      if (decided) return decided === 'expired' ? 'expired' : 'decided';
      if (!isOver(request)) return 'waiting';
      decisions.set(id, 'expired');
      return 'expired';
    },
    async decisionOn(id) {
      const decided = decisions.get(id);
      return decided === undefined || decided === 'expired' ? null : decided;
    },
  };
}

function memoryDrifts({ drifts }: Kept, clock: Clock): Drifts {
  const turns = memoryTurns(clock);
  return {
    drift: async (cluster) => drifts.get(cluster) ?? null,
    async changeDrift(cluster, change) {
      // The first change is the whole record.
      drifts.set(cluster, { ...(drifts.get(cluster) as DriftRecord), ...change });
    },
    takeDriftTurn: (cluster, soon) => turns.take(cluster, soon),
    endDriftTurn: (cluster, turn, nextInMs) => turns.end(cluster, turn, nextInMs),
  };
}

function memoryHealth({ health }: Kept, clock: Clock): Health {
  const turns = memoryTurns(clock);
  return {
    health: async (cluster) => health.get(cluster) ?? null,
    async changeHealth(cluster, change) {
      health.set(cluster, { ...(health.get(cluster) as HealthRecord), ...change });
    },
    takeHealthTurn: (cluster, soon) => turns.take(cluster, soon),
    endHealthTurn: (cluster, turn, nextInMs) => turns.end(cluster, turn, nextInMs),
  };
}

function memoryFailovers({ failovers, masters }: Kept): Failovers {
  const leases = new Map<string, string>();
  const move = async (cluster: string, from: WatchedMaster | null, to: WatchedMaster): Promise<boolean> => {
    await later();
    if (JSON.stringify(masters.get(cluster) ?? null) !== JSON.stringify(from)) return false;
    masters.set(cluster, to);
    return true;
  };
  return {
    async leaseFailovers(cluster, holder) {
      await later();
      if (!leases.has(cluster)) leases.set(cluster, holder);
      return leases.get(cluster) === holder;
    },
    watchedMaster: async (cluster) => masters.get(cluster) ?? null,
    noteMaster: move,
    async openFailover(record, from, to) {
      if (!(await move(record.cluster, from, to))) return false;
      failovers.set(record.failover, record);
      return true;
    },
    async changeFailover(name, change) {
      const record = failovers.get(name);
      if (record) failovers.set(name, { ...record, ...change });
    },
    failover: async (name) => failovers.get(name) ?? null,
    failovers: async (cluster, limit) =>
      [...failovers.values()]
        .filter((record) => record.cluster === cluster)
        .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
        .slice(0, limit),
  };
}

function memoryTurns(clock: Clock) {
  const turns = new Map<string, { due: number | null; token: string | null; until: number }>();
  let taken = 0;
  return {
    async take(cluster: string, soon: boolean): Promise<DriftTurn | null> {
      await later();
      const now = clock.now().getTime();
      const turn = turns.get(cluster) ?? { due: null, token: null, until: 0 };
      if (turn.token !== null && now < turn.until) return null;
      if (turn.due !== null && now < turn.due && !soon) return null;
      const token = `turn-${(taken += 1)}`;
      turns.set(cluster, { ...turn, token, until: now + TURN_MS });
      return { token, first: turn.due === null };
    },
    async end(cluster: string, { token }: DriftTurn, nextInMs: number): Promise<void> {
      if (turns.get(cluster)?.token !== token) return;
      turns.set(cluster, { due: clock.now().getTime() + nextInMs, token: null, until: 0 });
    },
  };
}

function memoryLooks({ looks, signs }: Kept): Looks {
  return {
    lastLook: async (cluster) => looks.get(cluster) ?? null,
    keepLook: async (cluster, look) => void looks.set(cluster, look),
    signs: async (cluster) => signs.get(cluster) ?? null,
    keepSigns: async (cluster, seen) => void signs.set(cluster, seen),
  };
}

function memoryLocks({ locks }: Kept, clock: Clock): Locks {
  const held = (cluster: string): Lock | null => {
    const lock = locks.get(cluster);
    if (!lock) return null;
    return lock.until !== null && Date.parse(lock.until) <= clock.now().getTime() ? null : lock;
  };
  return {
    async lock(cluster, { by, reason, forMs }) {
      await later();
      const present = held(cluster);
      if (present && JSON.stringify(present.by) !== JSON.stringify(by)) return false;
      const now = clock.now();
      const until = forMs === null ? null : new Date(now.getTime() + forMs).toISOString();
      locks.set(cluster, { by, reason, at: now.toISOString(), until });
      return true;
    },
    lockOn: async (cluster) => held(cluster),
    async unlock(cluster) {
      const lock = held(cluster);
      locks.delete(cluster);
      return lock;
    },
  };
}

function memoryBranches({ handled, owners }: Kept): Branches {
  return {
    lastHandledCommit: async (branch) => handled.get(branch) ?? null,
    async markHandled(branch, from, to) {
      const present = handled.get(branch) ?? null;
      if (present === to) return true;
      if (present !== from) return false;
      handled.set(branch, to);
      return true;
    },
    clusterOwners: async () => new Map(owners),
    async claimCluster(cluster, repository, from) {
      const owner = owners.get(cluster);
      if (owner !== undefined && owner !== from) return owner;
      owners.set(cluster, repository);
      return repository;
    },
  };
}

interface NotesOfRun {
  cluster: string;
  notes: Map<string, KeptNote>;
  said: Map<string, string>;
  /** Milliseconds; null while nothing is left. */
  due: number | null;
  lease: string | null;
  tries: number;
}

function memoryOutbox(clock: Clock): Outbox {
  const outbox = new Map<string, NotesOfRun>();
  const now = (): number => clock.now().getTime();
  const held = ({ run, token }: Delivery): NotesOfRun | null => {
    const of = outbox.get(run);
    return of?.lease === token ? of : null;
  };
  let count = 0;
  return {
    async keepNote({ run, cluster }, purpose, note, inMs = 0) {
      const none: NotesOfRun = { cluster, notes: new Map(), said: new Map(), due: null, lease: null, tries: 0 };
      const of = outbox.get(run) ?? none;
      const digest = JSON.stringify(note);
      const [kept, said] = [of.notes.has(purpose), of.said.get(purpose)];
      if (isSaidOnce(note) && (kept || said !== undefined)) return;
      if (of.notes.get(purpose)?.digest === digest || (!kept && said === digest)) return;
      const order = (count += 1);
      of.notes.set(purpose, { purpose, order, version: `v${order}`, keptAt: clock.now().toISOString(), digest, note });
      of.due ??= now() + inMs;
      outbox.set(run, of);
    },
    async takeDelivery(leaseMs) {
      await later();
      const [run, of] = [...outbox].find(([, { due }]) => due !== null && due <= now()) ?? [];
      if (run === undefined || !of) return null;
      of.lease = `lease-${(count += 1)}`;
      of.due = now() + leaseMs;
      return { run, cluster: of.cluster, token: of.lease, tries: of.tries };
    },
    notesOf: async (run) => [...(outbox.get(run)?.notes.values() ?? [])].toSorted((a, b) => a.order - b.order),
    async markSaid(delivery, { purpose, version, digest }) {
      const of = held(delivery);
      if (of?.notes.get(purpose)?.version === version) of.notes.delete(purpose);
      of?.said.set(purpose, digest);
      return of !== null;
    },
    async renewDelivery(delivery, leaseMs) {
      const of = held(delivery);
      if (of) of.due = now() + leaseMs;
      return of !== null;
    },
    async endDelivery(delivery, retryInMs) {
      const of = held(delivery);
      if (!of) return;
      of.lease = null;
      of.tries = retryInMs === null || of.notes.size === 0 ? 0 : of.tries + 1;
      of.due = of.notes.size === 0 ? null : now() + (retryInMs ?? 0);
    },
    isUnsaid: async (run, purpose) => outbox.get(run)?.notes.has(purpose) === true,
  };
}

function memoryAskers(): Askers {
  const askers = new Map<string, readonly string[]>();
  const of = (pullRequest: string): readonly string[] => askers.get(pullRequest.toLowerCase()) ?? [];
  return {
    rememberAsker: async (pullRequest, user) =>
      void askers.set(pullRequest.toLowerCase(), [...new Set([...of(pullRequest), user])]),
    askersOf: async (pullRequest) => of(pullRequest),
  };
}

function memoryAudit({ audited }: Kept): Audit {
  const heads = new Map<string, AuditHead>();
  return {
    audit: async (entry) => void audited.push(entry),
    auditHead: async (place) => heads.get(place) ?? null,
    keepAuditHead: async (place, { number, hash }) => void heads.set(place, { number, hash }),
  };
}
