using System.Text.Json;
using CogniForge.Bench.Load;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>A server that accepts chat requests, and how to address it.</summary>
/// <param name="Name">The name in the tables.</param>
/// <param name="Server">The process.</param>
/// <param name="Model">The model to request.</param>
/// <param name="Key">The key to send.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record ChatTarget(string Name, ServerProcess Server, string Model, string Key, params string[] Headers)
{
    /// <summary>The server's pending records; null for a server that stores nothing.</summary>
    public JournalBacklog? Backlog { get; init; }

    private const string Chat = "/v1/chat/completions";

    /// <summary>Creates a chat completion request, streamed or not.</summary>
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
