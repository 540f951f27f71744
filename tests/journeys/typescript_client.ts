// Drive a task by the types that openapi-typescript made: what is said here must fit them.
import createClient from "openapi-fetch";
import type { paths } from "./api.js";

interface Said {
  address: string;
  ledger: string;
  tokens: { registrar: string; clerk: string };
}

const said: Said = JSON.parse(process.argv[2]!);
const client = (token: string) =>
  createClient<paths>({
    baseUrl: said.address,
    headers: { Authorization: `Bearer ${token}` },
  });
const clerk = client(said.tokens.clerk);
const registrar = client(said.tokens.registrar);
const ledger = said.ledger;
const path = { ledger, task_id: "lo-gach" };
const decided = {
  on_behalf_of: "ban-thuong-vu",
  basis: { number: "12-QĐ/HU", issued_on: "2021-01-04", issuing_body: "Ban Thường vụ" },
};

interface Answer<T> {
  data?: T;
  error?: unknown;
}

function done<T>(answer: Answer<T>): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

done(
  await clerk.POST("/v1/{ledger}/tasks/commission", {
    params: { path: { ledger } },
    body: {
      ...decided,
      effective_on: "2021-01-05",
      task_id: "lo-gach",
      post_id: "bi-thu",
      proposal: {
        title: "Xóa bỏ lò gạch thủ công",
        goal: "Không còn lò gạch thủ công",
        indicators: [{ code: "kilns", name: "Lò đã dỡ", target: 98, measure: "lò" }],
        roadmap: [{ title: "Vận động từng hộ", due_on: "2021-06-30" }],
        kinds: ["backlog"],
        field: "environment",
        term: { kind: "year", year: 2021 },
      },
    },
  }),
);
done(
  await clerk.POST("/v1/{ledger}/tasks/{task_id}/assign", {
    params: { path },
    body: { ...decided, effective_on: "2021-01-09", official_id: "a" },
  }),
);
done(
  await registrar.POST("/v1/{ledger}/tasks/{task_id}/report-progress", {
    params: { path },
    body: {
      effective_on: "2021-02-01",
      narrative: "Đã dỡ 40 lò.",
      values: [{ code: "kilns", actual: 40 }],
    },
  }),
);
done(
  await registrar.POST("/v1/{ledger}/tasks/{task_id}/claim-completion", {
    params: { path },
    body: {
      effective_on: "2021-06-01",
      summary: "Đã xong.",
      evidence: [
        {
          title: "Biên bản",
          sha256: "0".repeat(64),
          address: "https://example.vn/bb.pdf",
        },
      ],
    },
  }),
);
done(
  await clerk.POST("/v1/{ledger}/tasks/{task_id}/confirm-completion", {
    params: { path },
    body: { ...decided, effective_on: "2021-06-04" },
  }),
);
const scored = done(
  await clerk.POST("/v1/{ledger}/tasks/{task_id}/score", {
    params: { path },
    body: {
      ...decided,
      effective_on: "2021-06-05",
      criteria: [{ criterion: "Kết quả", points: 60, max_points: 70 }],
    },
  }),
);
const read = done(
  await clerk.GET("/v1/{ledger}/tasks/{task_id}", {
    params: { path, query: { min_position: scored.position } },
  }),
);
const { task_id, state, score_points } = read.item;
console.log(JSON.stringify({ task_id, state, score_points }));
