using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>The header in which SDKs expect the id of their request; every response of <c>/v1</c> has it.</summary>
internal static class RequestIds
{
    /// <param name="response">The response.</param>
    /// <param name="protocol">The client's protocol.</param>
    /// <param name="id">The id; null creates one, for a request that is not in the request log.</param>
    /// <returns>The id.</returns>
    public static string Set(HttpResponse response, Protocol protocol, string? id = null)
    {
        id ??= Guid.CreateVersion7().ToString();
        response.Headers[protocol == Protocol.Messages ? "request-id" : "x-request-id"] = id;
        return id;
    }
}
