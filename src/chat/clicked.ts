import type { Click } from '../domain/chat/click.ts';
import type { MessageReference } from '../domain/chat/message.ts';
import type { Person } from './person.ts';

/** A click on a button of ours, and who clicked. */
export interface Clicked<Of extends Click = Click> extends Person {
  /** The same when the click comes a second time. */
  id: string;
  click: Of;
  /** The message that has the button. */
  message: MessageReference;
}
