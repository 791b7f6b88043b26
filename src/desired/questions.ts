import * as addresses from './cluster/addresses.ts';
import { managedPaths as managedPathsHere, touchesCluster as touchesClusterHere } from './managed-paths.ts';
import { readDesired as readDesiredHere } from './read-desired.ts';
import { readPullRequestRules as readPullRequestRulesHere } from './rules/pull-request-rules.ts';
import * as rules from './rules/read-rules.ts';
import { askedApart } from './source/apart.ts';
import { changedVariables as changedVariablesHere } from './variables/changed-variables.ts';
import { guardedValues as guardedValuesHere } from './variables/guarded-values.ts';
import { holdsSecrets as holdsSecretsHere } from './variables/holds-secrets.ts';
import { keepInGit as keepInGitHere } from './variables/keep-in-git.ts';

/** Every question about a repository’s files: all parsing of foreign input. */
export const ANSWERS = {
  addressesOf: addresses.addressesOf,
  changedVariables: changedVariablesHere,
  clustersOf: rules.clustersOf,
  clustersWith: addresses.clustersWith,
  guardedValues: guardedValuesHere,
  holdsSecrets: holdsSecretsHere,
  keepInGit: keepInGitHere,
  managedPaths: managedPathsHere,
  policyOfCluster: rules.policyOfCluster,
  readDesired: readDesiredHere,
  readDirectPushes: rules.readDirectPushes,
  readDriftWatch: rules.readDriftWatch,
  readPolicy: rules.readPolicy,
  readPullRequestRules: readPullRequestRulesHere,
  readRollback: rules.readRollback,
  refuseSharedHosts: addresses.refuseSharedHosts,
  sharedHosts: addresses.sharedHosts,
  touchesCluster: touchesClusterHere,
};

/** The entry point of this stage. Each question is answered where its source says: see `Apart`. */
export const {
  addressesOf,
  changedVariables,
  clustersOf,
  clustersWith,
  guardedValues,
  holdsSecrets,
  keepInGit,
  managedPaths,
  policyOfCluster,
  readDesired,
  readDirectPushes,
  readDriftWatch,
  readPolicy,
  readPullRequestRules,
  readRollback,
  refuseSharedHosts,
  sharedHosts,
  touchesCluster,
} = askedApart(ANSWERS);
