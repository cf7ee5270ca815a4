using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Providers;

internal sealed class HttpProviderResponse : ProviderResponse
{
    private const int MinKeyInError = 8;
    private const int MinKeyInResponse = 16;
    private const int MinBuffer = 16 * 1024;
    private readonly HttpResponseMessage _response;
    private readonly ApiKeyMask _mask;
    private ActivityStream? _body;

    /// <param name="response">The response.</param>
    /// <param name="key">The API key of the request, which the response must not show; null: none.</param>
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public HttpProviderResponse(HttpResponseMessage response, string? key)
    {
        _response = response;
        Status = (int)response.StatusCode is >= 300 and < 400
            ? StatusCodes.Status502BadGateway
            : (int)response.StatusCode; // redirects are not followed
        IsStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        ContentHeaders = response.Content.Headers;
        _mask = new(key, Status >= 400 ? MinKeyInError : MinKeyInResponse);
        RequestId = _mask.Apply(
            RetryAfterParser.GetHeader(response, "x-request-id")
                ?? RetryAfterParser.GetHeader(response, "request-id")
                ?? RetryAfterParser.GetHeader(response, "x-generation-id")
        );
        RetryAfter = RetryAfterParser.Parse(response);
    }

    public override async ValueTask<bool> HasEventsAsync(
        Action? onActivity,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // The first byte decides, because servers and proxies mislabel bodies: fields of events and comments begin
            // with these letters, and JSON does not.
            var body = await OpenAsync(cancellationToken);
            body.OnActivity = onActivity;
            var first = await body.PeekTextAsync(cancellationToken);
            return first is { } letter && ":dier"u8.Contains(letter)
                || (IsStream && first is not ((byte)'{' or (byte)'['));
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw Broken(e);
        }
    }

    public override async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(CancellationToken cancellationToken)
    {
        var headers = _response.Content.Headers;
        if (headers.ContentLength > MaxBodyBytes)
        {
            throw HttpProviderErrors.TooLarge(MaxBodyBytes);
        }

        var length = headers.ContentEncoding.Count == 0 ? headers.ContentLength : null;

        try
        {
            var body = await OpenAsync(cancellationToken);
            await body.PeekTextAsync(cancellationToken);
            await BeforeBytes(length ?? MinBuffer, cancellationToken);
            var (bytes, filled) = (new byte[length ?? MinBuffer], 0);
            while (await body.ReadAsync(bytes.AsMemory(filled), cancellationToken) is > 0 and var read)
            {
                filled += read;
                if (filled > MaxBodyBytes)
                {
                    throw HttpProviderErrors.TooLarge(MaxBodyBytes);
                }

                if (filled == bytes.Length && filled != length)
                {
                    await BeforeBytes(filled, cancellationToken);
                    Array.Resize(ref bytes, filled * 2);
                }
            }

            Array.Resize(ref bytes, filled);
            return _mask.Apply(bytes);
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw Broken(e);
        }
    }

    public override async Task<Stream> OpenBodyAsync(CancellationToken cancellationToken) =>
        await ContentDecoder.DecodeAsync(
            await _response.Content.ReadAsStreamAsync(cancellationToken),
            _response.Content.Headers.ContentEncoding,
            cancellationToken
        );

    public override async IAsyncEnumerable<SseEvent> ReadEventsAsync(
        Func<ValueTask> beforeWait,
        Action onActivity,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var body = await OpenAsync(cancellationToken);
        (body.BeforeRead, body.OnActivity, body.CompletesLastEvent) = (beforeWait, onActivity, true);
        body.EventSize = new(BeforeBytes);
        await using var events = SseParser
            .Create(
                body,
                (type, data) =>
                    new SseEvent(
                        type == SseParser.EventTypeDefault ? null : _mask.Apply(type),
                        _mask.Apply(data.ToArray())
                    )
            )
            .EnumerateAsync(cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await events.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (Exception e) when (IsBroken(e))
            {
                throw Broken(e);
            }

            if (!events.Current.Data.IsHeartbeat)
            {
                yield return events.Current.Data;
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_body is not null)
        {
            await _body.DisposeAsync(); // decompressors have buffers of their own
        }

        _response.Dispose();
        await base.DisposeAsync();
    }

    private async ValueTask<ActivityStream> OpenAsync(CancellationToken cancellationToken) =>
        _body ??= new(
            await ContentDecoder.DecodeAsync(
                await _response.Content.ReadAsStreamAsync(cancellationToken),
                _response.Content.Headers.ContentEncoding,
                cancellationToken
            ),
            HttpProviderErrors.MaxResponseBytes
        );
}
