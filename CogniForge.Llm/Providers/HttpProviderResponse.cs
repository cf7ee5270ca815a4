using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Providers;

internal sealed class HttpProviderResponse : ProviderResponse
{
    private readonly HttpResponseMessage _response;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public HttpProviderResponse(HttpResponseMessage response)
    {
        _response = response;
        Status = (int)response.StatusCode is >= 300 and < 400
            ? StatusCodes.Status502BadGateway
            : (int)response.StatusCode; // redirects are not followed
        IsStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        RequestId =
            RetryAfterParser.GetHeader(response, "x-request-id")
            ?? RetryAfterParser.GetHeader(response, "request-id")
            ?? RetryAfterParser.GetHeader(response, "x-generation-id");
        RetryAfter = RetryAfterParser.Parse(response);
    }

    public override async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_response.Content.Headers.ContentLength is { } length and <= HttpProviderErrors.MaxResponseBytes)
            {
                var body = new byte[length];
                await (await _response.Content.ReadAsStreamAsync(cancellationToken)).ReadExactlyAsync(
                    body,
                    cancellationToken
                );
                return body;
            }

            await _response.Content.LoadIntoBufferAsync(HttpProviderErrors.MaxResponseBytes, cancellationToken);
            return await _response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw HttpProviderErrors.TooLarge;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ProviderException(new(ErrorCategory.Network, "the connection broke during the response"), e);
        }
    }

    public override async IAsyncEnumerable<SseEvent> ReadEventsAsync(
        Func<ValueTask> beforeWait,
        Action onActivity,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var body = new ActivityStream(
            await _response.Content.ReadAsStreamAsync(cancellationToken),
            beforeWait,
            onActivity,
            HttpProviderErrors.MaxResponseBytes
        );
        await using var events = SseParser
            .Create(
                body,
                static (type, data) => new SseEvent(type == SseParser.EventTypeDefault ? null : type, data.ToArray())
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
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw new ProviderException(new(ErrorCategory.Network, "the connection broke during the stream"), e);
            }

            yield return events.Current.Data;
        }
    }

    public override ValueTask DisposeAsync()
    {
        _response.Dispose();
        return base.DisposeAsync();
    }
}
