import { Budget } from './budget.ts';
import { Taint } from './taint.ts';
import { SecretTexts } from './values/secret-texts.ts';

/** What ansible.cfg changes for all templates. */
export interface ReadingSettings {
  /** Of Jinja: `do`, `loopcontrols`. */
  extensions: ReadonlySet<string>;
  /** `jinja2_native`: a variable’s template makes the value that its text writes down. */
  isNative: boolean;
}

/** Shared by all templates rendered in one reading of a repository: remaining steps, and secrets seen so far. */
export class Reading {
  readonly budget = new Budget();
  readonly secrets = new SecretTexts();
  readonly taint = new Taint(this.budget, this.secrets);
  readonly settings: ReadingSettings;

  constructor(settings: ReadingSettings = { extensions: new Set(), isNative: false }) {
    this.settings = settings;
  }
}
