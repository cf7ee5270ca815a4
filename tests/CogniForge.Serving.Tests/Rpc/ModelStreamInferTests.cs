using System.Runtime.InteropServices;
using System.Text;
using CogniForge.Serving.Rpc.Messages;
using CogniForge.Serving.Tests.Models;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CogniForge.Serving.Tests.Rpc;

/// <summary>Triton's streaming of inferences, before a gateway that answers as prepared.</summary>
public sealed class ModelStreamInferTests : IAsyncLifetime
{
    private const string Final = "triton_final_response";

    private readonly TaskCompletionSource _received = new();
    private readonly WebApplication _gateway;
    private GrpcService _service = null!;

    public ModelStreamInferTests()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _gateway = builder.Build();
        _gateway.Run(RespondAsync);
    }

    public async Task InitializeAsync()
    {
        await _gateway.StartAsync();
        _service = GrpcService.WithGateway(_gateway.Urls.Single());
        (await _service.RegisterAsync(ModelJson.Create("small"))).Dispose();
        var registry = new RegistryClient(_service.Client);
        await registry.RegisterAsync("writer");
        await registry.ReadAsync(201, "POST", "/writer/versions", """{"kind":"llm","definition":{"model":"mock"}}""");
        await registry.MoveThroughAsync("writer", 1, "ready", "serving");
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task StreamInfer_LanguageModel_SendsPartsAsTheyCome()
    {
        using var call = _service.Rpc.ModelStreamInfer();
        await call.RequestStream.WriteAsync(Ask("Count"));

        var first = await ReadAsync(call);
        Assert.Equal(("One", false), (Text(first), first.Parameters[Final].BoolParam));
        _received.SetResult(); // only now does the model go on
        Assert.Equal(" two", Text(await ReadAsync(call)));
        var last = await ReadAsync(call);
        Assert.Equal(
            ("1", "7", 0, true),
            (last.ModelVersion, last.Id, last.Outputs.Count, last.Parameters[Final].BoolParam)
        );
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        await Until.EqualAsync(1, () => _service.CountAsync("inferences"));
    }

    [Fact]
    public async Task StreamInfer_FailedRequest_KeepsStream()
    {
        using var call = _service.Rpc.ModelStreamInfer();
        await call.RequestStream.WriteAsync(Ask("fail"));
        await call.RequestStream.WriteAsync(new() { ModelName = "unknown", Id = "8" });
        await call.RequestStream.WriteAsync(Score());
        await call.RequestStream.CompleteAsync();

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Contains("No.", call.ResponseStream.Current.ErrorMessage, StringComparison.Ordinal);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(
            ("Model 'unknown' does not exist or has no serving version.", "8"),
            (call.ResponseStream.Current.ErrorMessage, call.ResponseStream.Current.InferResponse.Id)
        );
        var scored = await ReadAsync(call);
        Assert.Equal(
            (0.5, true),
            (BitConverter.ToDouble(scored.RawOutputContents[0].Span), scored.Parameters[Final].BoolParam)
        );
    }

    [Fact]
    public async Task StreamInfer_IdleWhileServiceStops_EndsCall()
    {
        using var call = _service.Rpc.ModelStreamInfer();
        await call.RequestStream.WriteAsync(Score());
        await ReadAsync(call);

        _service.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => call.ResponseStream.MoveNext(CancellationToken.None)
        );
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    private async Task RespondAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Assert.Contains("\"stream\":true", body, StringComparison.Ordinal);
        if (body.Contains("fail", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new { error = new { message = "No." } });
            return;
        }

        context.Response.ContentType = "text/event-stream";
        await SendAsync("One");
        await _received.Task;
        await SendAsync(" two");
        await context.Response.WriteAsync("data: {\"choices\":[]}\n\ndata: [DONE]\n\n");

        async Task SendAsync(string text)
        {
            await context.Response.WriteAsync(
                $$$"""data: {"choices":[{"delta":{"content":"{{{text}}}"}}]}""" + "\n\n"
            );
            await context.Response.Body.FlushAsync();
        }
    }

    private static async Task<ModelInferResponse> ReadAsync(
        AsyncDuplexStreamingCall<ModelInferRequest, ModelStreamInferResponse> call
    )
    {
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("", call.ResponseStream.Current.ErrorMessage);
        return call.ResponseStream.Current.InferResponse;
    }

    // A length in 4 bytes, then the text.
    private static string Text(ModelInferResponse response) =>
        Encoding.UTF8.GetString(response.RawOutputContents[0].Span[4..]);

    private static ModelInferRequest Ask(string prompt)
    {
        var request = new ModelInferRequest { ModelName = "writer", Id = "7" };
        request.Inputs.Add(
            new ModelInferRequest.Types.InferInputTensor
            {
                Name = "prompt",
                Datatype = "BYTES",
                Shape = { 1 },
                Contents = new() { BytesContents = { ByteString.CopyFromUtf8(prompt) } },
            }
        );
        return request;
    }

    private static ModelInferRequest Score()
    {
        var request = new ModelInferRequest { ModelName = "small" };
        request.Inputs.Add(
            new ModelInferRequest.Types.InferInputTensor
            {
                Name = "features",
                Datatype = "FP64",
                Shape = { 1, 2 },
            }
        );
        double[] row = [0.5, 2];
        request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes(row.AsSpan())));
        return request;
    }
}
