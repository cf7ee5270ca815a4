// Calls every endpoint that is passed through with the SDKs for JavaScript; prints a line for each.
const { OpenAI, toFile } = require("openai");
const { Anthropic } = require("@anthropic-ai/sdk");

const address = process.env.GATEWAY;
const openai = new OpenAI({ baseURL: `${address}/v1`, apiKey: "cf_dev", maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: address, apiKey: "cf_dev", maxRetries: 0 });
const file = (name) => toFile(Buffer.from("{}\n"), name);
const all = async (stream) => {
  const types = [];
  for await (const event of await stream) types.push(event.type ?? event.custom_id ?? event.choices[0].text);
  return types.join(" ");
};

async function main() {
  const say = (name, value) => console.log(`${name}: ${value}`);
  const prompt = { model: "openai/gpt-image-1", prompt: "A cat" };

  say("completion", (await openai.completions.create({ model: "openai/m", prompt: "Hi" })).choices[0].text);
  say("image", (await openai.images.generate(prompt)).data[0].b64_json);
  say("image stream", await all(openai.images.generate({ ...prompt, stream: true })));
  say("image edit", (await openai.images.edit({ ...prompt, image: await file("a.png") })).data[0].b64_json);
  say("moderation", (await openai.moderations.create({ input: "Hi" })).results[0].flagged);

  const speech = await openai.audio.speech.create({ model: "openai/tts-1", voice: "alloy", input: "Hi" });
  say("speech", Buffer.from(await speech.arrayBuffer()).toString());
  const sound = { model: "openai/whisper-1", file: await file("a.wav") };
  say("transcription", (await openai.audio.transcriptions.create(sound)).text);
  say("transcription stream", await all(openai.audio.transcriptions.create({ ...sound, stream: true })));
  say("translation", (await openai.audio.translations.create(sound)).text);

  const input = await openai.files.create({ file: await file("a.jsonl"), purpose: "batch" });
  say("file", (await openai.files.retrieve(input.id)).id);
  say("file content", await (await openai.files.content(input.id)).text());
  const job = { input_file_id: input.id, endpoint: "/v1/chat/completions", completion_window: "24h" };
  const batch = await openai.batches.create(job);
  say("batch", (await openai.batches.retrieve(batch.id)).id);
  say("batches", (await openai.batches.list()).data.map((b) => b.id));
  say("batch cancelled", (await openai.batches.cancel(batch.id)).id);
  say("file deleted", (await openai.files.delete(input.id)).id);

  const response = await openai.responses.create({ model: "openai/m", input: "Hi" });
  say("response", (await openai.responses.retrieve(response.id)).id);
  await openai.responses.delete(response.id);
  say("response deleted", response.id);

  const params = { model: "claude-opus-5", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] };
  const messages = await anthropic.messages.batches.create({ requests: [{ custom_id: "a", params }] });
  say("message batch", (await anthropic.messages.batches.retrieve(messages.id)).id);
  say("message results", await all(anthropic.messages.batches.results(messages.id)));
  const upload = await anthropic.beta.files.upload({ file: await file("a.txt") });
  say("message file", (await anthropic.beta.files.retrieveMetadata(upload.id)).id);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
