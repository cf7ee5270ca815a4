using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Aspire.Hosting.Dashboard;

/// <summary>gRPC's framing over an HTTP/2 request: a byte "not compressed", four bytes of length, a message; at the end a trailer with the status.</summary>
internal sealed class GrpcStream(HttpContext http)
{
    private const int PrefixLength = 5;
    private const int MaximumRequest = 1024 * 1024;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>Sends the response's headers, for which a client may wait before the first message.</summary>
    public Task BeginAsync()
    {
        http.Response.ContentType = "application/grpc";
        http.Response.DeclareTrailer("grpc-status");
        return http.Response.StartAsync(Aborted);
    }

    public async Task<T> ReadAsync<T>(MessageParser<T> parser)
        where T : IMessage<T>
    {
        var prefix = new byte[PrefixLength];
        await http.Request.Body.ReadExactlyAsync(prefix, Aborted).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1));
        if (prefix[0] != 0 || length is < 0 or > MaximumRequest)
            throw new BadHttpRequestException("Compressed and oversized messages are not accepted.");
        var message = new byte[length];
        await http.Request.Body.ReadExactlyAsync(message, Aborted).ConfigureAwait(false);
        return parser.ParseFrom(message);
    }

    public async Task WriteAsync(IMessage message)
    {
        var length = message.CalculateSize();
        var frame = new byte[PrefixLength + length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        message.WriteTo(frame.AsSpan(PrefixLength));
        await http.Response.Body.WriteAsync(frame, Aborted).ConfigureAwait(false);
        await http.Response.Body.FlushAsync(Aborted).ConfigureAwait(false);
    }

    public void End(int status)
    {
        if (http.Response.HasStarted && http.Features.Get<IHttpResponseTrailersFeature>() is not null)
            http.Response.AppendTrailer("grpc-status", status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        else
            http.Response.Headers["grpc-status"] = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
