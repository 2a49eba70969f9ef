/** The signing page's API as functions. Every answer is the whole page; failures are `ApiError`s in Chinese. */
import { ApiError, requestJson, type JsonRequest } from "@yixian/common";
import { withToken, type TokenSource } from "../tokens";
import type { CodeSent, PlanSheet } from "./types";

export class SignApi {
  private readonly base: string;

  constructor(private readonly tokens: TokenSource, link: string) {
    this.base = `/api/app/v1/plans/${encodeURIComponent(link)}`;
  }

  look = (): Promise<PlanSheet> => this.sheet("", {});
  /** The page is on the screen: the reading time begins. */
  shown = (): Promise<PlanSheet> => this.sheet("/shown", { method: "POST" });
  confirm = (what: "cost_table" | "plan", fingerprint: string): Promise<PlanSheet> =>
    this.sheet("/confirm", { method: "POST", body: { what, fingerprint } });
  verify = (code: string): Promise<PlanSheet> => this.sheet("/verify", { method: "POST", body: { code } });
  sign = (id: string, fingerprint: string): Promise<PlanSheet> =>
    this.sheet("/sign", { method: "POST", body: { signature_id: id, fingerprint }, timeoutMs: 30_000 });
  handIn = (): Promise<PlanSheet> => this.sheet("/hand-in", { method: "POST" });
  removePaper = (id: string): Promise<PlanSheet> =>
    this.sheet(`/papers/${encodeURIComponent(id)}`, { method: "DELETE" });

  async sendCode(): Promise<CodeSent> {
    return (await this.ask("/code", { method: "POST" })) as CodeSent;
  }

  /** The signed document, as a file. */
  document(): Promise<Blob> {
    return withToken(this.tokens, async (token) => {
      const response = await fetch(`${this.base}/document`, { headers: { Authorization: `Bearer ${token}` } }).catch(() => null);
      if (!response?.ok) throw new ApiError(response?.status ?? 0, "document", "协议暂时下载不了，请稍后再试");
      return response.blob();
    });
  }

  /** One file; `onPart` hears how much of it has gone, 0 to 1. */
  upload(file: File, onPart: (part: number) => void): Promise<PlanSheet> {
    return withToken(this.tokens, (token) => send(`${this.base}/papers`, token, file, onPart));
  }

  private async sheet(path: string, request: JsonRequest): Promise<PlanSheet> {
    return (await this.ask(path, request)) as PlanSheet;
  }

  private ask(path: string, request: JsonRequest): Promise<unknown> {
    return withToken(this.tokens, (token) =>
      requestJson(this.base + path, { ...request, headers: { Authorization: `Bearer ${token}` } }),
    );
  }
}

/** fetch cannot tell how far an upload is. */
function send(url: string, token: string, file: File, onPart: (part: number) => void): Promise<PlanSheet> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.timeout = 120_000;
    request.upload.onprogress = (event) => event.lengthComputable && onPart(event.loaded / event.total);
    request.onerror = request.ontimeout = () => reject(new ApiError(0, "network", "网络不太顺畅，请再试一次"));
    request.onload = () => {
      const body = parsed(request.responseText) as { error?: { code?: string; message?: string } } | null;
      if (request.status === 201 && body) resolve(body as unknown as PlanSheet);
      else reject(new ApiError(request.status, body?.error?.code ?? "unreadable", body?.error?.message ?? "上传没有成功，请再试一次"));
    };
    request.send(file);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
