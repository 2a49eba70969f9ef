/**
 * Two soft tones made by the browser itself: a customer waits, a customer wrote.
 * Browsers allow sound only after a gesture; `onReady` says when that has come.
 */

export type Tone = "waiting" | "message";

export interface Chime {
  play(tone: Tone): void;
  /** Call from a click or key press. */
  unlock(): void;
}

const NOTES: Readonly<Record<Tone, readonly number[]>> = { waiting: [659.25, 880], message: [587.33] };
const VOLUME = 0.08;
const LENGTH_S = 0.45;
const STEP_S = 0.16;
/** Many arrivals at once ring once. */
const REST_MS = 3_000;

export function createChime(onReady: (ready: boolean) => void): Chime {
  let context: AudioContext | null = null;
  let last = 0;

  function ring(audio: AudioContext, frequency: number, start: number): void {
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(VOLUME, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + LENGTH_S);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + LENGTH_S);
  }

  return {
    unlock() {
      if (typeof AudioContext === "undefined") return;
      if (context?.state === "running") return;
      const audio = (context ??= new AudioContext());
      audio.onstatechange = () => onReady(audio.state === "running");
      void audio.resume().catch(() => undefined);
    },
    play(tone) {
      const audio = context;
      if (audio === null || audio.state !== "running" || Date.now() - last < REST_MS) return;
      last = Date.now();
      NOTES[tone].forEach((note, index) => ring(audio, note, audio.currentTime + index * STEP_S));
    },
  };
}
