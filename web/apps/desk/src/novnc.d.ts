// noVNC 1.7 ships no types. This is the part of its interface that the desk uses.
declare module '@novnc/novnc' {
  export type RfbOptions = { shared?: boolean };

  export default class RFB extends EventTarget {
    constructor(target: HTMLElement, channel: WebSocket, options?: RfbOptions);
    scaleViewport: boolean;
    background: string;
    disconnect(): void;
    focus(options?: FocusOptions): void;
    sendCtrlAltDel(): void;
  }
}
