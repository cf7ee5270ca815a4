using System.Text.Json.Nodes;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>Writes a cached response, as a stream if the client requests one.</summary>
internal static class CachedResponseWriter
{
    public static async Task WriteAsync(
        CachedResponse cached,
        ResponseInfo info,
        InferenceRequest request,
        IResponseWriter writer,
        CancellationToken cancellationToken
    )
    {
        if (!request.Stream)
        {
            await writer.WriteResponseAsync(info, cached.Body, cancellationToken);
            return;
        }

        var adapter = ProtocolAdapters.For(request.Protocol);
        var body = (JsonObject)JsonNode.Parse(cached.Body)!;
        if (request is { Protocol: Protocol.ChatCompletions, WantsUsage: false })
        {
            body.Remove("usage");
        }

        writer.BeginStream(info);
        foreach (var item in adapter.Replay(body))
        {
            await writer.WriteEventAsync(item, cancellationToken);
        }

        foreach (var item in adapter.StreamEnd)
        {
            await writer.WriteEventAsync(item, cancellationToken);
        }
    }
}
