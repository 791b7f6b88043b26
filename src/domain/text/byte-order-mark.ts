/** What some editors put before a text in UTF-8. Redis takes it for part of the first word. */
export const BYTE_ORDER_MARK = '\uFEFF';
