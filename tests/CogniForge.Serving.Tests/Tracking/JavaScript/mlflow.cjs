// Tracks a run with npm's client `mlflow`.
const MLflow = require("mlflow");
const { ViewType } = require("mlflow/enum");

const client = new MLflow({
  endpoint: process.env.SERVING,
  headers: { Authorization: `Bearer ${process.env.KEY}` },
});
const print = console.log;
console.log = () => {}; // the client prints each body that it sends

async function main() {
  const { experiment_id } = await client.Experiments.create({ name: "churn" });
  await client.Experiments.update({ experiment_id, new_name: "leavers" });
  print("experiment:", (await client.Experiments.get({ experiment_id })).experiment.name);

  const { run } = await client.Runs.create({ experiment_id, user_id: "ada", start_time: 1764406800000, tags: [] });
  const { run_id } = run.info;
  await client.Runs.logMetric({ run_id, key: "auc", value: 0.5, timestamp: 1764406801000, step: 1 });
  await client.Runs.logMetric({ run_id, key: "auc", value: 0.75, timestamp: 1764406802000, step: 2 });
  await client.Runs.logParameter({ run_id, key: "rate", value: "0.1" });
  await client.Runs.logBatch({
    run_id,
    metrics: [{ key: "f1", value: 1, timestamp: 1764406803000, step: 0 }],
    params: [{ key: "depth", value: "3" }],
    tags: [{ key: "team", value: "growth" }, { key: "draft", value: "yes" }],
  });
  await client.Runs.deleteTag({ run_id, key: "draft" });
  await client.Runs.update({ run_id, status: "FINISHED", end_time: 1764406804000 });

  const { info, data } = (await client.Runs.get({ run_id })).run;
  print("status:", info.status);
  for (const kind of ["metrics", "params", "tags"]) {
    const given = data[kind].filter((d) => !d.key.startsWith("mlflow."));
    print(`${kind}:`, given.map((d) => `${d.key}=${d.value}`).sort().join());
  }
  const { metrics } = await client.Metrics.getHistory({ run_id, metric_key: "auc" });
  print("history:", metrics.map((m) => `${m.step}:${m.value}`).join());

  const search = (filter) =>
    client.Runs.search({ experiment_ids: [experiment_id], filter, run_view_type: ViewType.ACTIVE_ONLY });
  print("found:", (await search("metrics.auc > 0.7")).runs.length);
  await client.Runs.delete({ run_id });
  print("deleted:", (await search("metrics.auc > 0.7")).runs?.length ?? 0);
  await client.Runs.restore({ run_id });
  print("restored:", (await search("params.rate = '0.1'")).runs.length);
  await client.Runs.get({ run_id: "unknown" }).catch((e) => print("error:", /"error_code":"(\w+)"/.exec(e)[1]));
}

main();
