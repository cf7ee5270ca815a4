using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Tests.Fuzzing;

namespace CogniForge.Tests;

/// <summary>Sends mutated requests to every operation of a service's OpenAPI document.</summary>
internal static class ApiFuzzer
{
    private const int Inputs = 800;

    private static readonly string[] _parameters =
    [
        "1",
        "100",
        "0",
        "true",
        "a",
        "gpt-*",
        "2026-01-01",
        "2026-01-01T00:00:00Z",
        "0196f6c8-7d3a-7b1c-9c1e-3f0e0a5b7c11",
        "AZTVAAAAAAAAAAAAAAAAAA",
        "a,b,c",
    ];

    private static readonly string[] _headers =
    [
        "Bearer cf_dev",
        "Basic Y2ZfZGV2Og==",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "no-cache, max-age=5",
        "application/json; charset=utf-8",
        "bytes=0-1",
        "gzip",
    ];

    private static readonly string[] _headerNames =
    [
        "Authorization",
        "x-api-key",
        "Idempotency-Key",
        "traceparent",
        "tracestate",
        "baggage",
        "Cache-Control",
        "Accept",
        "Accept-Encoding",
        "If-None-Match",
        "Range",
        "X-Title",
        "anthropic-beta",
        "x-cogniforge-cache-tags",
    ];

    /// <summary>Asserts that the service answers every request, and none with 500.</summary>
    /// <param name="address">The service, which accepts requests without a key (Development).</param>
    /// <param name="service">The name of the service's OpenAPI document.</param>
    public static async Task RunAsync(Uri address, string service)
    {
        // HttpClient refuses bytes above 0x7F in headers unless it may send them as they are.
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1 };
        using var client = new HttpClient(handler) { BaseAddress = address };
        var operations = Read(service).ToList();
        var bodies = operations.Select(o => o.Body).OfType<string>().ToList();
        var parameters = new Mutator(_parameters);
        var headers = new Mutator(_headers);
        await Fuzzer.RunAsync(
            bodies.Count > 0 ? bodies : ["{}"],
            async (body, random) =>
            {
                string Value(Mutator values) => Encoding.Latin1.GetString(values.Mutate(random.Next()));
                var (method, path, query, example) = operations[random.Next(operations.Count)];
                using var request = new HttpRequestMessage(
                    method,
                    GetUri(address, path, query, random, Value(parameters))
                );
                if (example is not null)
                {
                    // Mostly the operation's own example, so that the request gets past the first check.
                    var isOwn = random.Next(4) > 0;
                    request.Content = new ByteArrayContent(
                        isOwn ? new Mutator([example, .. bodies.Take(1)]).Mutate(random.Next()) : body
                    );
                    request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                }

                if (random.Next(3) == 0)
                {
                    var name = _headerNames[random.Next(_headerNames.Length)];
                    request.Headers.TryAddWithoutValidation(name, Value(headers).ReplaceLineEndings(""));
                }

                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                var status = (int)response.StatusCode;
                if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
                {
                    var text = await response.Content.ReadAsStringAsync();
                    Assert.True(status is not 500, $"{request}\n{text}");
                }

                return status < 400;
            },
            Inputs
        );
    }

    private static Uri GetUri(Uri address, string path, string[] query, Random random, string value)
    {
        var escaped = random.Next(4) > 0 ? Uri.EscapeDataString(value) : Filter(value);
        var target = new StringBuilder();
        foreach (var (i, part) in path.Split('{', '}').Index())
        {
            target.Append(i % 2 == 0 ? part : escaped);
        }

        var chosen = query.Where(_ => random.Next(3) == 0).Select(name => $"{name}={escaped}");
        return new(
            address + target.ToString().TrimStart('/') + "?" + string.Join('&', chosen),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
    }

    /// <summary>Keeps what a client can send unescaped.</summary>
    private static string Filter(string value) =>
        string.Concat(value.Where(c => c is > ' ' and < '\x7F' and not '#').Take(500));

    private static IEnumerable<(HttpMethod Method, string Path, string[] Query, string? Body)> Read(string service)
    {
        var file = Path.Combine(Repository.Root, "docs", "openapi", $"{service}.json");
        foreach (var (path, operations) in JsonNode.Parse(File.ReadAllText(file))!["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject().Where(o => o.Key != "parameters"))
            {
                var query =
                    from parameter in operation!["parameters"]?.AsArray() ?? []
                    where (string?)parameter!["in"] == "query"
                    select (string)parameter!["name"]!;
                var content = operation["requestBody"]?["content"]?["application/json"];
                yield return (
                    HttpMethod.Parse(method.ToUpperInvariant()),
                    path,
                    [.. query],
                    content is null ? null : content["example"]?.ToJsonString() ?? "{}"
                );
            }
        }
    }
}
