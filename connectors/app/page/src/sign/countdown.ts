/** Seconds that run down on the screen. The server's clock decides; this only tells how long to wait. */
import { onBeforeUnmount, ref, type Ref } from "vue";

export interface Countdown {
  readonly left: Ref<number>;
  start(seconds: number): void;
}

export function useCountdown(): Countdown {
  const left = ref(0);
  let ends = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => clearInterval(timer);
  const tick = (): void => {
    left.value = Math.max(0, Math.ceil((ends - performance.now()) / 1_000));
    if (left.value === 0) stop();
  };
  onBeforeUnmount(stop);
  return {
    left,
    start(seconds) {
      stop();
      ends = performance.now() + seconds * 1_000;
      tick();
      if (left.value > 0) timer = setInterval(tick, 250);
    },
  };
}
