using System.Collections.Concurrent;
using System.Net;

namespace StandIns.Tests.Http;

/// <summary>The end of a client's chain of handlers: answers as told and remembers what arrived.</summary>
public sealed class FakeBackend(Func<int, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    private readonly ConcurrentQueue<(HttpMethod Method, Uri Address)> _requests = new();
    private int _count;

    public FakeBackend(params HttpStatusCode[] answers)
        : this((n, _) => Task.FromResult(new HttpResponseMessage(answers[Math.Min(n, answers.Length) - 1])))
    {
    }

    public int Count => _count;

    public IEnumerable<Uri> Addresses => _requests.Select(r => r.Address);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _requests.Enqueue((request.Method, request.RequestUri!));
        var response = await answer(Interlocked.Increment(ref _count), cancellationToken);
        response.RequestMessage = request;
        return response;
    }
}
