using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>The header in which SDKs look for the id of their request; every answer of <c>/v1</c> has it.</summary>
internal static class RequestIds
{
    /// <summary>Sets the header.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="protocol">What the client speaks.</param>
    /// <param name="id">The id; null: the request has none yet, because it is in no log.</param>
    /// <returns>The id.</returns>
    public static string Set(HttpResponse response, Protocol protocol, string? id = null)
    {
        id ??= Guid.CreateVersion7().ToString();
        response.Headers[protocol == Protocol.Messages ? "request-id" : "x-request-id"] = id;
        return id;
    }
}
