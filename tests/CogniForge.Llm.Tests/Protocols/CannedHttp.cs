using System.ClientModel.Primitives;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Tests.Protocols;

/// <summary>Responds to an SDK with a given body, and keeps the body that the SDK sends.</summary>
internal sealed class CannedHttp(HttpStatusCode status, string body, string mediaType) : HttpMessageHandler
{
    public JsonObject? Sent { get; private set; }

    public static CannedHttp Json(JsonObject body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status, body.ToJsonString(), "application/json");

    public static CannedHttp Stream(IEnumerable<SseEvent> events) =>
        new(HttpStatusCode.OK, string.Concat(events.Select(Frame)), "text/event-stream");

    /// <summary>Makes an SDK use this handler instead of the network, without retries.</summary>
    public T Use<T>(T options)
        where T : ClientPipelineOptions
    {
        options.Transport = new HttpClientPipelineTransport(new HttpClient(this));
        options.RetryPolicy = new ClientRetryPolicy(0);
        return options;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        Sent = JsonNode.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken))!.AsObject();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return new(status) { Content = content, RequestMessage = request };
    }

    private static string Frame(SseEvent item) =>
        $"{(item.Name is null ? "" : $"event: {item.Name}\n")}data: {Encoding.UTF8.GetString(item.Data.Span)}\n\n";
}
