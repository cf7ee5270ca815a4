// Calls serving by gRPC's own client for Node, with the protocol's messages.
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const definition = loader.loadSync(process.env.PROTO, { keepCase: true, longs: Number, defaults: true });
const { GRPCInferenceService } = grpc.loadPackageDefinition(definition).inference;
const client = new GRPCInferenceService(process.env.SERVING, grpc.credentials.createInsecure());
const metadata = new grpc.Metadata();
metadata.set("authorization", `Bearer ${process.env.KEY}`);

const call = (method, request) =>
  new Promise((resolve, reject) =>
    client[method](request, metadata, (error, response) => (error ? reject(error) : resolve(response))));
const tensor = { name: "features", datatype: "FP64", shape: [1, 2] };
const raw = Buffer.alloc(16);
raw.writeDoubleLE(0.5, 0);
raw.writeDoubleLE(2, 8);
const score = (response) => response.raw_output_contents[0].readDoubleLE(0);

async function main() {
  console.log("live:", (await call("ServerLive", {})).live);
  console.log("ready:", (await call("ModelReady", { name: "small" })).ready);
  const model = await call("ModelMetadata", { name: "small" });
  console.log("inputs:", model.inputs.map((i) => `${i.name} ${i.datatype} ${i.shape}`).join());
  const typed = { ...tensor, contents: { fp64_contents: [0.5, 2] } };
  console.log("typed:", score(await call("ModelInfer", { model_name: "small", inputs: [typed] })));
  console.log("raw:", score(await call("ModelInfer", { model_name: "small", inputs: [tensor], raw_input_contents: [raw] })));
  console.log("index:", (await call("RepositoryIndex", {})).models.map((m) => `${m.name} ${m.state}`).join());
  await call("ModelInfer", { model_name: "unknown", inputs: [typed] }).catch((e) => console.log("error:", e.code, e.details));
  await new Promise((resolve) => {
    const stream = client.ModelStreamInfer(metadata);
    stream.on("data", (r) => console.log("stream:", r.error_message || score(r.infer_response)));
    stream.on("end", resolve);
    stream.write({ model_name: "small", inputs: [typed] });
    stream.write({ model_name: "unknown", inputs: [typed] });
    stream.end();
  });
  client.close();
}

main();
