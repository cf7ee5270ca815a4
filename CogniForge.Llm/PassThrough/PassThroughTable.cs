using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.PassThrough;

/// <summary>The endpoints of OpenAI's and Anthropic's APIs that need no translation.</summary>
internal static class PassThroughTable
{
    private const string Get = "GET";
    private const string Post = "POST";
    private const string Delete = "DELETE";
    private const string Whisper = "whisper-1";
    private const string DallE = "dall-e-2";

    public static IReadOnlyList<PassThroughEndpoint> All { get; } =
    [
        new(Post, "completions", "completions", "CreateCompletion", "Complete a text, as OpenAI's older API does")
        {
            Content = RequestContent.Json,
            Charge = Charge.Text,
            Example = """{ "model": "gpt-3.5-turbo-instruct", "prompt": "Once upon a time", "max_tokens": 16 }""",
        },
        new(Post, "moderations", "moderations", "CreateModeration", "Classify whether content is harmful")
        {
            Content = RequestContent.Json,
            DefaultModel = "omni-moderation-latest",
            Example = """{ "model": "omni-moderation-latest", "input": "Hello" }""",
        },
        new(Post, "rerank", "rerank", "CreateRerank", "Order documents by their relevance to a query")
        {
            Content = RequestContent.Json,
            Charge = Charge.Input,
            Example = """{ "model": "rerank-v3.5", "query": "capital", "documents": ["Paris", "Seine"] }""",
        },
        new(Post, "images/generations", "images", "CreateImage", "Create images from a text")
        {
            Content = RequestContent.Json,
            Charge = Charge.Media,
            DefaultModel = DallE,
            Example = """{ "model": "gpt-image-1", "prompt": "A fox", "n": 1 }""",
        },
        Form("images/edits", "images", "EditImage", "Edit an image", DallE),
        Form("images/variations", "images", "CreateImageVariation", "Create variations of an image", DallE),
        new(Post, "audio/speech", "speech", "CreateSpeech", "Create speech from a text")
        {
            Content = RequestContent.Json,
            Charge = Charge.Media,
            Example = """{ "model": "gpt-4o-mini-tts", "voice": "alloy", "input": "Hello" }""",
        },
        Form("audio/transcriptions", "transcriptions", "CreateTranscription", "Transcribe speech"),
        Form("audio/translations", "translations", "CreateTranslation", "Translate speech to English", Whisper),
        .. Files(),
        .. Batches("batches", "batches", "Batch", Protocol.ChatCompletions, BatchExample),
        .. Batches("messages/batches", "message_batches", "MessageBatch", Protocol.Messages, MessageBatchExample),
        new(Delete, "messages/batches/{id}", "message_batches", "DeleteMessageBatch", "Delete a message batch")
        {
            Protocol = Protocol.Messages,
        },
        new(Get, "messages/batches/{id}/results", "message_batches", "GetMessageBatchResults", "Get a batch's results")
        {
            Protocol = Protocol.Messages,
        },
        new(Post, "responses/compact", "responses_compact", "CompactResponse", "Compact a long conversation")
        {
            Protocol = Protocol.Responses,
            Content = RequestContent.Json,
            Charge = Charge.Unlimited,
            Example = """{ "model": "gpt-5.5", "input": [{ "role": "user", "content": "Hello" }] }""",
        },
        new(Post, "responses/input_tokens", "responses_input_tokens", "CountResponseTokens", "Count input tokens")
        {
            Protocol = Protocol.Responses,
            Content = RequestContent.Json,
            Example = """{ "model": "gpt-5.5", "input": "Hello" }""",
        },
        new(Get, "responses/{id}", "responses", "GetResponse", "Get a stored response"),
        new(Delete, "responses/{id}", "responses", "DeleteResponse", "Delete a stored response"),
        new(Post, "responses/{id}/cancel", "responses", "CancelResponse", "Cancel a background response"),
        new(Get, "responses/{id}/input_items", "responses", "ListResponseInputItems", "List a response's input"),
    ];

    private const string BatchExample = """
        { "input_file_id": "file-abc", "endpoint": "/v1/chat/completions", "completion_window": "24h" }
        """;

    private const string MessageBatchExample = """
        {
          "requests": [
            {
              "custom_id": "first",
              "params": {
                "model": "claude-haiku-4-5", "max_tokens": 16, "messages": [{ "role": "user", "content": "Hi" }]
              }
            }
          ]
        }
        """;

    private static PassThroughEndpoint Form(
        string path,
        string operation,
        string id,
        string summary,
        string? defaultModel = null
    ) =>
        new(Post, path, operation, id, summary)
        {
            Content = RequestContent.Form,
            Charge = Charge.Media,
            DefaultModel = defaultModel,
        };

    private static PassThroughEndpoint[] Files() =>
        [
            new(Post, "files", "files", "UploadFile", "Upload a file; to Anthropic with anthropic-version")
            {
                Protocol = null,
                Content = RequestContent.Stream,
            },
            new(Get, "files", "files", "ListFiles", "List the key's own files") { Protocol = null },
            new(Get, "files/{id}", "files", "GetFile", "Get a file's description") { Protocol = null },
            new(Delete, "files/{id}", "files", "DeleteFile", "Delete a file") { Protocol = null },
            new(Get, "files/{id}/content", "files", "GetFileContent", "Get a file's content") { Protocol = null },
        ];

    private static PassThroughEndpoint[] Batches(
        string path,
        string operation,
        string noun,
        Protocol protocol,
        string example
    ) =>
        [
            new(Post, path, operation, $"Create{noun}", "Create a batch of requests")
            {
                Protocol = protocol,
                Content = RequestContent.Json,
                Charge = Charge.Batch,
                Example = example,
            },
            new(Get, path, operation, $"List{noun}es", "List the key's own batches") { Protocol = protocol },
            new(Get, $"{path}/{{id}}", operation, $"Get{noun}", "Get a batch") { Protocol = protocol },
            new(Post, $"{path}/{{id}}/cancel", operation, $"Cancel{noun}", "Cancel a batch") { Protocol = protocol },
        ];
}
