using System.Net.Http.Headers;
using System.Text;
using CogniForge.Serving.Tests.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Serving.Tests.Inference;

/// <summary>A small body may become a large tensor, which counts towards the memory of its key.</summary>
public sealed class InferenceMemoryTests : IAsyncLifetime
{
    private const int Elements = 50_000;

    private readonly TaskCompletionSource _arrived = new();
    private readonly TaskCompletionSource _ending = new();
    private readonly WebApplication _model;

    public InferenceMemoryTests()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _model = builder.Build();
        _model.Run(RespondAsync);
    }

    public Task InitializeAsync() => _model.StartAsync();

    public async Task DisposeAsync() => await _model.DisposeAsync();

    [Fact]
    public async Task Infer_Bytes_CountAsTheirNumbers()
    {
        await using var service = new SmallService();
        var registry = new RegistryClient(service.Client);
        await registry.RegisterAsync("far");
        await registry.ReadAsync(
            201,
            "POST",
            "/far/versions",
            $$"""
            {"kind":"remote","endpoint":"{{_model.Urls.Single()}}/v2/models/far","schema":{
            "inputs":[{"name":"x","datatype":"UINT8","shape":[-1]}],"outputs":[]} }
            """
        );
        await registry.MoveThroughAsync("far", 1, "ready", "serving");

        var first = InferAsync(service);
        await _arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
        using var second = await InferAsync(service);
        Assert.Equal(429, (int)second.StatusCode);
        _ending.SetResult();
        using var response = await first;
        await response.ReadAsync(200);
    }

    private static async Task<HttpResponseMessage> InferAsync(ServingService service)
    {
        var json = Encoding.UTF8.GetBytes(
            $$"""
            {"inputs":[{"name":"x","shape":[{{Elements}}],"datatype":"UINT8",
            "parameters":{"binary_data_size":{{Elements}} } }]}
            """
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/far/infer")
        {
            Content = new ByteArrayContent([.. json, .. new byte[Elements]]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Add("Inference-Header-Content-Length", $"{json.Length}");
        return await service.Client.SendAsync(request);
    }

    private async Task RespondAsync(HttpContext context)
    {
        _arrived.SetResult();
        await _ending.Task;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("""{"model_name":"far","outputs":[]}""");
    }

    private sealed class SmallService()
        : ServingService(
            TimeProvider.System,
            ("CogniForge:Overload:MaxBodyBytes", "500000"),
            ("CogniForge:Overload:MaxWait", "00:00:00")
        );
}
