import { TemplateMistake } from './mistake.ts';

/** `{% break %}` and `{% continue %}`, on their way to the loop. */
export class LoopSignal extends TemplateMistake {
  readonly kind: 'break' | 'continue';

  constructor(kind: 'break' | 'continue') {
    super(`has a ${kind} that is in no loop`);
    this.kind = kind;
  }
}
