using System.Text.Json;
using CogniForge.Bench.Load;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>A way to the provider: a server that takes chat requests, and what a request to it has to say.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Server">The process.</param>
/// <param name="Model">The model to name.</param>
/// <param name="Key">The key to send.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record Way(string Name, ServerProcess Server, string Model, string Key, params string[] Headers)
{
    /// <summary>What the server still has to store; null: it stores nothing.</summary>
    public JournalBacklog? Backlog { get; init; }

    private const string Chat = "/v1/chat/completions";

    /// <summary>A request for a chat completion, streamed or not.</summary>
    public PreparedRequest Request(bool stream)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                model = Model,
                messages = new[]
                {
                    new { role = "system", content = "You are a helpful assistant." },
                    new { role = "user", content = "Which of our models drifted last week, and by how much?" },
                },
                max_tokens = 256,
                stream,
                stream_options = stream ? new { include_usage = true } : null,
            },
            _json
        );
        return PreparedRequest.Post(Server.Address, Chat, Key, body, StatusCodes.Status200OK, Headers);
    }

    private static readonly JsonSerializerOptions _json = new()
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };
}
