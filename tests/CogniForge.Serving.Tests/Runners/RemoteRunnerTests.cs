using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners;
using CogniForge.Serving.Runners.Remote;
using CogniForge.Serving.Tests.Protocol;
using CogniForge.Serving.Tests.Runners.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Serving.Tests.Runners;

/// <summary>A remote model is another model serving, reached through the real client.</summary>
public class RemoteRunnerTests(ServingService service) : IClassFixture<ServingService>, IAsyncLifetime
{
    public async Task InitializeAsync() => (await service.RegisterAsync(ModelJson.Create("small"))).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task InferAsync_OtherServer_ReturnsItsOutputs()
    {
        using var runner = Create($"{service.Address}v2/models/small");
        var (response, _) = await RunnerTest.RunAsync(
            runner,
            InferJson.Parse("""{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP64","data":[0.5,2]}]}""")
        );
        Assert.Equal([0.5], response!.Outputs[0].AsDoubles().ToArray());
        Assert.Equal(["no"], ((Tensor<string>)response.Outputs[1]).Data.ToArray());
    }

    [Fact]
    public async Task InferAsync_InvalidInput_PassesErrorOn()
    {
        using var runner = Create($"{service.Address}v2/models/small/");
        var failure = await FailAsync(runner);
        Assert.Equal(400, failure.Status);
        Assert.Contains("inputs[0].name must be \"features\"", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InferAsync_UnknownModel_IsBadGateway()
    {
        using var runner = Create($"{service.Address}v2/models/unknown");
        var failure = await FailAsync(runner);
        Assert.Equal(502, failure.Status);
        Assert.Contains(
            "Model 'unknown' does not exist or has no serving version.",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task InferAsync_ServerWithKey_SendsIt()
    {
        await using var server = WebApplication.CreateSlimBuilder().Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.Run(context =>
        {
            context.Response.StatusCode = 400;
            return context.Response.WriteAsJsonAsync(new { error = $"sent {context.Request.Headers.Authorization}" });
        });
        await server.StartAsync();
        var origin = server.Urls.Single();
        var options = new RemoteOptions { ApiKeys = [new() { Origin = origin, Key = "sk-remote" }] };

        var error = await GetErrorAsync($"{origin}/v2/models/a");
        Assert.EndsWith("sent Bearer sk-remote", error, StringComparison.Ordinal);
        var other = origin.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        Assert.EndsWith("sent ", await GetErrorAsync($"{other}/v2/models/a"), StringComparison.Ordinal);

        async Task<string> GetErrorAsync(string url)
        {
            using var runner = Create(url, options.FindApiKey(new(url)));
            return (await FailAsync(runner)).Message;
        }
    }

    [Theory]
    [InlineData("https://triton:8443", "sk-remote", null)]
    [InlineData("https://triton:8443/v2", "sk-remote", "ApiKeys:0:Origin must be scheme, host and port")]
    [InlineData("triton", "sk-remote", "ApiKeys:0:Origin must be scheme, host and port")]
    [InlineData("https://triton", "two words", "ApiKeys:0:Key must be 1 to 4,096 printable ASCII characters")]
    [InlineData("https://triton", "", "ApiKeys:0:Key must be 1 to 4,096 printable ASCII characters")]
    public void Validate_ApiKey_NamesSettingAndRule(string origin, string key, string? expected)
    {
        var options = new RemoteOptions { ApiKeys = [new() { Origin = origin, Key = key }] };

        var errors = options.Validate(new(options)).Select(e => e.ErrorMessage!).ToList();

        Assert.Equal(expected is null ? 0 : 1, errors.Count);
        Assert.All(errors, e => Assert.Contains(expected!, e, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://169.254.169.254/v2/models/x")]
    [InlineData("http://metadata.google.internal/v2/models/x")]
    [InlineData("ftp://example.com/v2/models/x")]
    public void Create_ForbiddenAddress_IsRefused(string url) => Assert.Throws<ModelLoadException>(() => Create(url));

    private static async Task<InferenceFailedException> FailAsync(RemoteRunner runner) =>
        await Assert.ThrowsAsync<InferenceFailedException>(() =>
            RunnerTest.RunAsync(
                runner,
                InferJson.Parse("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP64","data":[1]}]}""")
            )
        );

    private RemoteRunner Create(string url, string? apiKey = null) =>
        new(new Uri(url), apiKey, service.Services.GetRequiredService<IHttpClientFactory>());
}
