using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using CogniForge.Serving.Rpc.Messages;
using CogniForge.Serving.Tests.Rpc;
using CogniForge.Serving.Tests.Runners.Support;

namespace CogniForge.Serving.Tests.Loading;

/// <summary>Registered versions with an uploaded file answer over REST and gRPC.</summary>
public class LoadedVersionsTests(GrpcService service) : IClassFixture<GrpcService>
{
    [Theory]
    [InlineData("xgboost", "softprob.model.json", "softprob", "predict", 1)]
    [InlineData("onnx", "iris.onnx", "iris", "probabilities", 2)]
    public async Task Infer_UploadedModel_EqualsLibrary(
        string kind,
        string file,
        string expectedFile,
        string output,
        int outputs
    )
    {
        await RegisterAsync(kind, RunnerTest.Read(file), kind);
        var (rows, expected, width) = RunnerTest.ReadExpected(expectedFile);

        // JSON, in which null is a missing value.
        var numbers = JsonSerializer.Serialize(rows.Select(v => float.IsNaN(v) ? (float?)null : v));
        using var response = await service.Client.PostAsync(
            $"/v2/models/{kind}/versions/1/infer",
            $$"""
            {"inputs":[{"name":"features","datatype":"FP32","shape":[{{rows.Length / width}},{{width}}],
            "data":{{numbers}}}],"outputs":[{"name":"{{output}}"}]}
            """
        );
        var data = (await response.ReadAsync(200)).GetProperty("outputs")[0].GetProperty("data");
        Assert.All(expected.Zip(data.EnumerateArray()), p => Assert.Equal(p.First, p.Second.GetDouble(), 1e-6));

        var reply = await service.Rpc.ModelInferAsync(
            new()
            {
                ModelName = kind,
                ModelVersion = "1",
                Inputs =
                {
                    new ModelInferRequest.Types.InferInputTensor
                    {
                        Name = "features",
                        Datatype = "FP32",
                        Shape = { rows.Length / width, width },
                        Contents = new() { Fp32Contents = { rows } },
                    },
                },
            }
        );
        Assert.Equal(outputs, reply.RawOutputContents.Count);
        Assert.Equal(expected.Length * sizeof(float), reply.RawOutputContents[^1].Length);
    }

    [Fact]
    public async Task Infer_BrokenFile_SaysWhy()
    {
        await RegisterAsync("broken", "no model"u8.ToArray(), "onnx");
        using var response = await service.Client.PostAsync(
            "/v2/models/broken/versions/1/infer",
            """{"inputs":[{"name":"features","datatype":"FP32","shape":[1],"data":[1]}]}"""
        );
        const string Reason = "ONNX Runtime cannot load the artefact";
        var error = (await response.ReadAsync(503)).GetProperty("error").GetString();
        Assert.Contains(Reason, error, StringComparison.Ordinal);

        using var ready = await service.Client.GetAsync("/v2/models/broken/versions/1/ready");
        Assert.False((await ready.ReadAsync(503)).GetProperty("ready").GetBoolean());
        using var index = await service.Client.PostAsync("/v2/repository/index", "{}");
        var entry = (await index.ReadAsync(200))
            .EnumerateArray()
            .Single(m => m.GetProperty("name").GetString() == "broken");
        Assert.Equal("UNAVAILABLE", entry.GetProperty("state").GetString());
        Assert.Contains(Reason, entry.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_UploadedModel_LoadsInBackground()
    {
        await RegisterAsync("waiting", RunnerTest.Read("iris.onnx"), "onnx");
        await Until.EqualAsync(
            HttpStatusCode.OK,
            async () =>
            {
                using var ready = await service.Client.GetAsync("/v2/models/waiting/versions/1/ready");
                return ready.StatusCode;
            }
        );
    }

    [Fact]
    public async Task Version_Ready_LoadsBeforeRequests()
    {
        await RegisterAsync("early", RunnerTest.Read("iris.onnx"), "onnx");
        await MoveAsync("early", "ready", 200);

        await Until.EqualAsync("READY", () => GetStateAsync("early"));
    }

    [Fact]
    public async Task Version_BrokenFile_CannotServe()
    {
        await RegisterAsync("never", "no model"u8.ToArray(), "onnx");
        await MoveAsync("never", "ready", 200);

        var problem = await MoveAsync("never", "serving", 409);
        Assert.Contains(
            "Version 1 of model 'never' cannot serve, because it cannot be loaded: ONNX Runtime",
            problem.GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
    }

    private async Task<JsonElement> MoveAsync(string name, string state, int status)
    {
        using var response = await service.Client.PutAsync(
            $"/api/v1/serving/models/{name}/versions/1/state",
            JsonContent.Create(new { state })
        );
        return await response.ReadAsync(status);
    }

    private async Task<string?> GetStateAsync(string name)
    {
        using var index = await service.Client.PostAsync("/v2/repository/index", "{}");
        return (await index.ReadAsync(200))
            .EnumerateArray()
            .Single(m => m.GetProperty("name").GetString() == name)
            .GetProperty("state")
            .GetString();
    }

    private async Task RegisterAsync(string name, byte[] file, string kind)
    {
        (await service.RegisterAsync($$"""{"name":"{{name}}","kind":"{{kind}}"}""")).Dispose();
        using var content = new ByteArrayContent(file);
        var digest = Convert.ToHexString(SHA256.HashData(file));
        using var uploaded = await service.Client.PutAsync(
            $"/api/v1/serving/models/{name}/versions/1/artifact?digest=sha256:{digest}",
            content
        );
        Assert.True(uploaded.IsSuccessStatusCode, await uploaded.Content.ReadAsStringAsync());
    }
}
