import { Budget } from './budget.ts';
import { Taint } from './taint.ts';
import { SecretTexts } from './values/secret-texts.ts';

/** Shared by all templates rendered in one reading of a repository: remaining steps, and secrets seen so far. */
export class Reading {
  readonly budget = new Budget();
  readonly secrets = new SecretTexts();
  readonly taint = new Taint(this.budget, this.secrets);
}
