using System.Text;
using CogniForge.Llm.Tests.Servers;
using CogniForge.Tests.Fuzzing;

namespace CogniForge.Llm.Tests.Fuzzing;

/// <summary>
/// A request of any protocol passes the whole gateway: validation, the cache, the translation to the mock's protocol,
/// the mock, and the translation of its response or stream.
/// </summary>
public class InferenceApiFuzzTests
{
    private const int Inputs = 600;

    private static readonly string[] _paths =
    [
        "/v1/chat/completions",
        "/v1/messages",
        "/v1/responses",
        "/v1/embeddings",
        "/v1/messages/count_tokens",
    ];

    [Fact]
    public async Task Inference_Mutated_NeverFailsTheGateway()
    {
        await using var gateway = GatewayHost.Start(
            ("Routes:fast:Targets:0:Provider", "mock"),
            ("Routes:fast:Targets:0:Model", "m"),
            ("Routes:fast:Aliases:0", "claude"),
            ("Routes:fast:Aliases:1", "gpt"),
            ("Routes:fast:Aliases:2", "embed"),
            ("Routes:fast:Cache:Lifetime", "00:01:00")
        );
        await Fuzzer.RunAsync(
            Documents.Requests,
            async (body, random) =>
            {
                var path = _paths[random.Next(_paths.Length)];
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new("application/json");
                using var response = await gateway.Client.PostAsync(path, content);
                var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync());
                Assert.True((int)response.StatusCode is not 500, $"{path}\n{text}");
                return response.IsSuccessStatusCode;
            },
            Inputs
        );
    }
}
