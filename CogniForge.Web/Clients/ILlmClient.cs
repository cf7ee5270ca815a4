using System.Text.Json.Serialization;
using Refit;

namespace CogniForge.Web.Clients;

/// <summary>What Web asks of the gateway.</summary>
internal interface ILlmClient
{
    [Get("/api/v1/llm/requests/count")]
    Task<Count> CountRequestsAsync(CancellationToken cancellationToken);

    [Post("/v1/chat/completions")]
    Task<ChatAnswer> CompleteAsync([Body] ChatQuestion question, CancellationToken cancellationToken);
}

/// <summary>A number of things.</summary>
internal sealed record Count([property: JsonPropertyName("count")] long Value);

/// <summary>A chat request.</summary>
internal sealed record ChatQuestion(string Model, IReadOnlyList<ChatTurn> Messages);

/// <summary>One turn of a conversation.</summary>
internal sealed record ChatTurn(string Role, string Content);

/// <summary>As much of the answer as the page shows.</summary>
internal sealed record ChatAnswer(IReadOnlyList<ChatChoice> Choices);

/// <summary>One of the answers.</summary>
internal sealed record ChatChoice(ChatTurn Message);
