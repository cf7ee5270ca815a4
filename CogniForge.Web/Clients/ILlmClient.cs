using Refit;

namespace CogniForge.Web.Clients;

/// <summary>The calls that Web makes to the gateway.</summary>
internal interface ILlmClient
{
    [Get("/api/v1/llm/requests/count")]
    Task<RequestCount> CountRequestsAsync(CancellationToken cancellationToken);

    [Post("/v1/chat/completions")]
    Task<ChatResponse> CompleteAsync([Body] ChatRequest request, CancellationToken cancellationToken);
}
