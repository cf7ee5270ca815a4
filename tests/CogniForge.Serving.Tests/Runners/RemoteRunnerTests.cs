using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners;
using CogniForge.Serving.Runners.Remote;
using CogniForge.Serving.Tests.Protocol;
using CogniForge.Serving.Tests.Runners.Support;
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
        Assert.Contains("Model 'unknown' does not exist.", failure.Message, StringComparison.Ordinal);
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

    private RemoteRunner Create(string url) =>
        new(new Uri(url), service.Services.GetRequiredService<IHttpClientFactory>());
}
