using System.Runtime.CompilerServices;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Providers.Mock;

/// <summary>The mock's response: a body, or a stream at a given rate.</summary>
internal sealed class MockProviderResponse : ProviderResponse
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly MockChat? _chat;
    private readonly double _tokensPerSecond;
    private readonly TimeProvider _time = TimeProvider.System;

    public MockProviderResponse(ReadOnlyMemory<byte> body) => _body = body;

    public MockProviderResponse(MockChat chat, double tokensPerSecond, TimeProvider time) =>
        (_chat, _tokensPerSecond, _time) = (chat, tokensPerSecond, time);

    public override async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(CancellationToken cancellationToken)
    {
        await BeforeBytes(_body.Length, cancellationToken);
        return _body;
    }

    public override async IAsyncEnumerable<SseEvent> ReadEventsAsync(
        Func<ValueTask> beforeWait,
        Action onActivity,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var chunk in _chat!.ToStream())
        {
            if (_tokensPerSecond > 0)
            {
                await beforeWait();
                await Task.Delay(TimeSpan.FromSeconds(1 / _tokensPerSecond), _time, cancellationToken);
            }

            onActivity();
            yield return chunk;
        }
    }
}
