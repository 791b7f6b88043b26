import * as f from './fixtures.ts';
import { RedisopsError, ConfigInvalid } from '../../src/domain/error.ts';
import { statusReport } from '../../src/report/status-report.ts';
import { planReport } from '../../src/report/plan-report.ts';
import { approvalReport } from '../../src/report/approval-report.ts';
import { progressReport } from '../../src/report/progress-report.ts';
import { runReport } from '../../src/report/run-report.ts';
import { verifyReport } from '../../src/report/verify-report.ts';
import { historyReport } from '../../src/report/history-report.ts';
import { errorReport } from '../../src/report/error-report.ts';
import { helpReport } from '../../src/report/help-report.ts';
import { doctorReport } from '../../src/report/doctor-report.ts';
import { VERBS } from '../../src/cli/arguments.ts';
import { terminal } from '../../src/report/terminal.ts';
import { markdown } from '../../src/report/markdown.ts';
import { blockKit } from '../../src/report/block-kit.ts';
import { slackLines } from '../../lab/slack-view.ts';
const broken = [f.master({ replicas: [{address:'10.0.0.124',port:6379,state:'online',offset:0,lagSeconds:7}] }),
  f.replica('redis-02','10.0.0.124',{ master: {host:'10.0.0.123',port:6379,state:'sync',up:false,lastIoSeconds:-1,syncInProgress:true,syncReadBytes:48_000_000,syncTotalBytes:100_000_000} }),
  f.unreachable('redis-03','10.0.0.125')];
const reasons = { verdict: 'unknown', reasons: [
  { code:'REPLICA_LINK_DOWN', node:'redis-02', message:'link to its master down since the start; the master says online, but its offset stands at 0' },
  { code:'SSH_TIMEOUT', node:'redis-03', message:'no answer over SSH within 5 s' }] } as const;
const failed = f.result({ outcome:'failed', code:'STEP_FAILED', message:'redis-03: CONFIG SET maxmemory was refused: ERR Invalid argument', hint:'Mend the value in Git and apply again; what is done already falls out of the plan.',
  verification:null, nodes:[{name:'redis-01',ok:0,changed:0,failed:0,skipped:2},{name:'redis-02',ok:2,changed:2,failed:0,skipped:0},{name:'redis-03',ok:1,changed:1,failed:1,skipped:0}]});
const blocked = f.plan({ blockers:[{code:'MASTER_RESTART_HOLDS_DATA',node:'redis-01',message:'redis-01 would be restarted while it holds 12,040 keys that are nowhere on disk',hint:'Hand the role over first, or leave io-threads as it is.'}] });
const reports: Record<string, any> = {
  status: statusReport(f.desired(), f.HEALTHY, {verdict:'healthy',reasons:[]}),
  statusBroken: statusReport(f.desired(), broken, reasons as any),
  plan: planReport(f.maxmemoryPlan()),
  planRollout: planReport(f.plan({waves:['redis-01','redis-02','redis-03'].map(n=>({actions:f.rollout(n)}))})),
  planResync: planReport(f.resyncPlan()),
  planEmpty: planReport(f.plan()), planBlocked: planReport(blocked),
  approval: approvalReport(f.approval()),
  progress0: progressReport({title:'redis: converge to Git',origin:{from:'github',actor:'ada',pullRequest:12}}, []),
  progress: progressReport({title:'redis: converge to Git',origin:{from:'github',actor:'ada',pullRequest:12}}, f.rolloutEvents()),
  run: runReport(f.result(), f.HEALTHY), runFailed: runReport(failed, f.HEALTHY),
  runRefused: runReport(f.result({outcome:'refused',code:'MASTER_RESTART_HOLDS_DATA',message:blocked.blockers[0]!.message,hint:blocked.blockers[0]!.hint,plan:blocked,nodes:[],verification:null,durationMs:0}), f.HEALTHY),
  verify: verifyReport(f.verification()),
  history: historyReport([f.record(), f.record({status:'refused',code:'RESYNC_MASTER_HAS_FEWER_KEYS',message:'redis-01 holds 0 keys, redis-03 holds 12,040',goal:{kind:'resync',node:'redis-03'},origin:{from:'slack',actor:'U024BE7LH'},durationMs:90})]),
  error: errorReport(new RedisopsError('UNKNOWN_NODE','There is no node “redis-3”. Did you mean redis-03?',{hint:'`redisops status` lists the nodes.'})),
  errorConfig: errorReport(new ConfigInvalid([{file:'ansible/group_vars/redis.yml',line:4,column:18,message:'redis_maxmemory: “12 elephants” is not a size'},{file:'ansible/inventory/hosts.yml',line:9,column:7,message:'ansible_host: “redis-01.local” is a name; an IP address is wanted'}])),
  help: helpReport(Object.entries(VERBS).map(([name,v])=>({name,usage:`redisops ${v.usage}`,summary:v.summary}))),
  helpSlack: helpReport([{name:'status',usage:'/redis status',summary:'Read every node and judge the cluster'},{name:'resync',usage:'/redis resync NODE',summary:'Synchronise a replica again'}]),
  doctor: doctorReport([{id:'DATA_DIRECTORY_READ_ONLY',node:'redis-02',cause:'Redis cannot write /data/redis: the unit’s sandbox forbids it.',evidence:['ProtectSystem=strict, ReadWritePaths=/var/lib/redis','log: Opening the temp file needed for MASTER <-> REPLICA synchronization: Read-only file system'],remedy:'`apply` writes the drop-in with ReadWritePaths=/data/redis and restarts the replica.',safe:true}]),
  doctorNone: doctorReport([]),
};
const dress = process.argv[2];
for (const [name, r] of Object.entries(reports)) {
  if (process.argv[3] && process.argv[3] !== name) continue;
  console.log(`\n################ ${name}`);
  if (dress === 'md') console.log(markdown(r));
  else if (dress === 'slack') blockKit(r).forEach((b, i) => console.log(`--- message ${i+1} (${JSON.stringify(b).length})\n` + slackLines({ text: '', blocks: b as any }).join('\n')));
  else console.log(terminal(r, { colour: dress === 'colour', width: 100 }));
}
