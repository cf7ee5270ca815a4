using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>Writes responses that are complete.</summary>
internal static class ResponseReplay
{
    /// <summary>Writes a complete response, as a stream if the client requests one.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="request">The client's request.</param>
    /// <param name="headers">The description of the response.</param>
    /// <param name="body">The response in the client's protocol.</param>
    /// <param name="cancellationToken">Cancelled when the client disconnects.</param>
    public static async Task ReplayAsync(
        this IResponseWriter writer,
        InferenceRequest request,
        ResponseHeaders headers,
        byte[] body,
        CancellationToken cancellationToken
    )
    {
        if (!request.Stream)
        {
            await writer.WriteResponseAsync(headers, body, cancellationToken);
            return;
        }

        var response = (JsonObject)JsonNode.Parse(body)!;
        if (request is { Protocol: Protocol.ChatCompletions, WantsUsage: false })
        {
            response.Remove("usage");
        }

        writer.BeginStream(headers);
        foreach (var item in ProtocolAdapters.For(request.Protocol).Replay(response))
        {
            await writer.WriteEventAsync(item, cancellationToken);
        }

        await writer.EndStreamAsync(request.Protocol, cancellationToken);
    }

    /// <summary>Writes the terminator of a stream, if the protocol has one.</summary>
    public static async Task EndStreamAsync(
        this IResponseWriter writer,
        Protocol protocol,
        CancellationToken cancellationToken
    )
    {
        foreach (var item in ProtocolAdapters.For(protocol).StreamEnd)
        {
            await writer.WriteEventAsync(item, cancellationToken);
        }
    }
}
