using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Llm.Tests.PassThrough;

/// <summary>Endpoints of OpenAI's API that go to the provider as they are (litellm#7140, #9370, #13652).</summary>
public sealed class PassThroughTests(PassThroughGateway gateway) : IClassFixture<PassThroughGateway>
{
    [Theory]
    [InlineData("completions", """{"prompt":"Hi","logprobs":2}""")]
    [InlineData("moderations", """{"input":["a","b"]}""")]
    [InlineData("rerank", """{"query":"q","documents":["a"],"top_n":1}""")]
    [InlineData("images/generations", """{"prompt":"A fox","size":"1024x1024"}""")]
    [InlineData("audio/speech", """{"input":"Hi","voice":"alloy"}""")]
    public async Task Post_Json_ReachesProviderWithTargetsModel(string path, string fields)
    {
        gateway.OpenAi.RespondJson("""{"id":"x-1","odd":[1,2]}""");
        var body = fields.Insert(1, "\"model\":\"openai/model-1\",");

        using var response = await gateway.Client.PostAsync($"/v1/{path}", body);

        Assert.Equal("""{"id":"x-1","odd":[1,2]}""", (await response.ReadAsync(200)).GetRawText());
        var call = gateway.OpenAi.Last;
        Assert.Equal(("POST", $"/v1/{path}"), (call.Method, call.Path));
        Assert.Equal(fields.Insert(1, "\"model\":\"model-1\","), call.Text);
        Assert.Equal("Bearer sk-openai-key-of-this-test", call.Headers["Authorization"]);
        Assert.Equal("openai/model-1", response.Headers.GetValues("x-cogniforge-target").Single());
        Assert.Single(response.Headers.GetValues("x-request-id"));
    }

    [Theory]
    [InlineData("audio/transcriptions", "application/json")]
    [InlineData("images/edits", "application/x-www-form-urlencoded")]
    [InlineData("audio/translations", "multipart/form-data")] // without a boundary
    [InlineData("files", "application/json")]
    public async Task Post_OtherThanForm_NamesFormsType(string path, string type)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = new(type);

        using var response = await gateway.Client.PostAsync(new Uri($"/v1/{path}", UriKind.Relative), content);

        var error = (await response.ReadAsync(415)).GetProperty("error").GetProperty("message").GetString();
        Assert.Contains("multipart/form-data", error, StringComparison.Ordinal);
        Assert.DoesNotContain("JSON", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_Usage_IsPricedAndLogged()
    {
        await gateway.SetPriceAsync("instruct-1", """{"input":1,"output":2}""");
        gateway.OpenAi.RespondJson(
            """{"id":"c","model":"instruct-1","usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}"""
        );

        using var response = await gateway.Client.PostAsync(
            "/v1/completions",
            """{"model":"openai/instruct-1","prompt":"Hi"}"""
        );

        await response.ReadAsync(200);
        var entry = await gateway.LoggedAsync("instruct-1");
        Assert.Equal(
            ("completions", 10, 20, 0.00005m, false),
            (
                entry.GetProperty("protocol").GetString(),
                entry.GetProperty("inputTokens").GetInt32(),
                entry.GetProperty("outputTokens").GetInt32(),
                entry.GetProperty("cost").GetDecimal(),
                entry.GetProperty("estimated").GetBoolean()
            )
        );
    }

    [Fact]
    public async Task Completion_Stream_ArrivesEventByEvent()
    {
        await gateway.SetPriceAsync("instruct-2", """{"input":1,"output":2}""");
        var received = new TaskCompletionSource();
        gateway.OpenAi.Respond = async (_, r) =>
        {
            r.ContentType = "text/event-stream";
            await r.WriteAsync("data: {\"choices\":[{\"text\":\"one\"}]}\n\n");
            await r.Body.FlushAsync();
            await received.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await r.WriteAsync("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n");
            await r.WriteAsync("data: [DONE]\n\n");
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = Requests.Json("""{"model":"openai/instruct-2","prompt":"Hi","stream":true}"""),
        };

        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var first = await reader.ReadLineAsync();
        received.SetResult();
        var rest = await reader.ReadToEndAsync();

        Assert.Equal("data: {\"choices\":[{\"text\":\"one\"}]}", first);
        Assert.Equal("\ndata: [DONE]\n\n", rest);
        Assert.Equal(4, (await gateway.LoggedAsync("instruct-2")).GetProperty("outputTokens").GetInt32());
        using var sent = JsonDocument.Parse(gateway.OpenAi.Last.Text);
        Assert.True(sent.RootElement.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
    }

    [Fact]
    public async Task Completion_UsageBesideChoices_IsLoggedOnly()
    {
        await gateway.SetPriceAsync("instruct-6", """{"input":1,"output":2}""");
        const string Usage = "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}";
        gateway.OpenAi.Respond = async (_, r) =>
        {
            r.ContentType = "text/event-stream";
            await r.WriteAsync($"data: {{\"choices\":[{{\"text\":\"one\"}}],{Usage}}}\n\ndata: [DONE]\n\n");
        };

        using var response = await gateway.Client.PostAsync(
            "/v1/completions",
            """{"model":"openai/instruct-6","prompt":"Hi","stream":true}"""
        );

        Assert.Equal(
            "data: {\"choices\":[{\"text\":\"one\"}]}\n\ndata: [DONE]\n\n",
            await response.Content.ReadAsStringAsync()
        );
        Assert.Equal(4, (await gateway.LoggedAsync("instruct-6")).GetProperty("outputTokens").GetInt32());
    }

    [Fact]
    public async Task Completion_StreamWithRequestedUsage_HasUsage()
    {
        const string Usage = "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}";
        gateway.OpenAi.Respond = async (_, r) =>
        {
            r.ContentType = "text/event-stream";
            await r.WriteAsync($"data: {{\"choices\":[{{\"text\":\"one\"}}]}}\n\ndata: {Usage}\n\ndata: [DONE]\n\n");
        };

        using var response = await gateway.Client.PostAsync(
            "/v1/completions",
            """{"model":"openai/instruct-5","prompt":"Hi","stream":true,"stream_options":{"include_usage":true}}"""
        );

        Assert.Contains(Usage, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Speech_BinaryResponse_ArrivesUnchanged()
    {
        var audio = Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31)).ToArray();
        gateway.OpenAi.Respond = async (_, r) =>
        {
            r.ContentType = "audio/mpeg";
            await r.Body.WriteAsync(audio);
        };

        using var response = await gateway.Client.PostAsync(
            "/v1/audio/speech",
            """{"model":"openai/tts-1","voice":"alloy","input":"Hi"}"""
        );

        Assert.Equal("audio/mpeg", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(audio, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("speech", (await gateway.LoggedAsync("tts-1")).GetProperty("protocol").GetString());
    }

    [Theory]
    [InlineData("listen", null)]
    [InlineData(null, "listen")]
    public async Task Transcription_ModelOfRoute_IsReplacedInForm(string? before, string? after)
    {
        var file = Enumerable.Range(0, 1_000_000).Select(i => (byte)(i * 7)).ToArray();
        gateway.OpenAi.RespondJson("""{"text":"Hello"}""");
        using var form = PassThroughGateway.Form(file, before, after);

        using var response = await gateway.Client.PostAsync(
            new Uri("/v1/audio/transcriptions", UriKind.Relative),
            form
        );

        Assert.Equal("Hello", (await response.ReadAsync(200)).GetProperty("text").GetString());
        using var expected = PassThroughGateway.Form(
            file,
            before is null ? null : "whisper-2",
            after is null ? null : "whisper-2"
        );
        var type = MediaTypeHeaderValue.Parse(gateway.OpenAi.Last.Headers["Content-Type"]);
        var boundary = type.Parameters.Single().Value;
        Assert.Equal(
            Encoding
                .Latin1.GetString(await expected.ReadAsByteArrayAsync())
                .Replace("the-boundary", boundary, StringComparison.Ordinal),
            Encoding.Latin1.GetString(gateway.OpenAi.Last.Body)
        );
    }

    [Theory]
    [InlineData(null, HttpStatusCode.BadRequest, "model")]
    [InlineData("no-such-model", HttpStatusCode.NotFound, "model")]
    [InlineData("mock", HttpStatusCode.BadRequest, "model")]
    [InlineData("anthropic/claude-1", HttpStatusCode.BadRequest, "model")]
    public async Task Transcription_ModelNotServed_IsRefused(string? model, HttpStatusCode status, string param)
    {
        using var form = PassThroughGateway.Form([1, 2, 3], model);

        using var response = await gateway.Client.PostAsync(
            new Uri("/v1/audio/transcriptions", UriKind.Relative),
            form
        );

        Assert.Equal(param, (await OpenAiError.ReadAsync(response, (int)status)).Param);
    }

    [Theory]
    [InlineData("/v1/completions", "mock")]
    [InlineData("/v1/images/generations", "mock")]
    [InlineData("/v1/moderations", "claude-1")]
    public async Task Post_ProviderWithoutEndpoint_IsRefused(string path, string model)
    {
        using var response = await gateway.Client.PostAsync(path, $$"""{"model":"{{model}}","prompt":"a"}""");

        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.Contains("must name a model that serves", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_FirstTargetFails_FallsBackWithoutChatDefaults()
    {
        gateway.OpenAi.RespondJson("""{"error":{"message":"Overloaded"}}""", 503);
        gateway.Spare.RespondJson("""{"id":"spare"}""");

        using var response = await gateway.Client.PostAsync("/v1/completions", """{"model":"write","prompt":"a"}""");

        Assert.Equal("spare", (await response.ReadAsync(200)).GetProperty("id").GetString());
        Assert.Equal("""{"model":"davinci-3","prompt":"a"}""", gateway.Spare.Last.Text);
    }

    [Fact]
    public async Task Transcription_ProviderFails_IsSentOnce()
    {
        gateway.OpenAi.RespondJson("""{"error":{"message":"Broken"}}""", 500);
        var before = gateway.OpenAi.Calls.Count;
        using var form = PassThroughGateway.Form([1, 2, 3], "listen");

        using var response = await gateway.Client.PostAsync(
            new Uri("/v1/audio/transcriptions", UriKind.Relative),
            form
        );

        await OpenAiError.ReadAsync(response, 502);
        Assert.Equal(before + 1, gateway.OpenAi.Calls.Count);
    }

    [Fact]
    public async Task Post_ProvidersOwnError_ReachesClient()
    {
        gateway.OpenAi.RespondJson(
            """{"error":{"message":"Unknown size","type":"invalid_request_error","param":"size","code":"bad_size"}}""",
            400
        );

        using var response = await gateway.Client.PostAsync(
            "/v1/images/generations",
            """{"model":"openai/image-1","prompt":"a","size":"7"}"""
        );

        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.Equal(("Unknown size", "size", "bad_size"), (error.Message, error.Param, error.Code));
    }

    [Fact]
    public async Task Moderation_WithoutModel_UsesDefault()
    {
        gateway.OpenAi.RespondJson("""{"results":[]}""");
        using var client = await gateway.NewKeyAsync("""{"routes":["omni-*"]}""");

        using var response = await client.PostAsync("/v1/moderations", """{"input":"a"}""");

        await response.ReadAsync(200);
        Assert.Equal("""{"model":"omni-moderation-latest","input":"a"}""", gateway.OpenAi.Last.Text);
    }

    [Theory]
    [InlineData("/v1/completions", """{"model":"openai/free-1","prompt":"a"}""")]
    [InlineData("/v1/images/generations", """{"model":"openai/free-1","prompt":"a"}""")]
    public async Task Post_ModelOfOtherRoute_IsForbidden(string path, string body)
    {
        using var client = await gateway.NewKeyAsync("""{"routes":["listen"]}""");

        using var response = await client.PostAsync(path, body);

        Assert.Equal("model_not_allowed", (await OpenAiError.ReadAsync(response, 403)).Code);
    }

    [Fact]
    public async Task Post_RateOfKeyUsedUp_Returns429()
    {
        gateway.OpenAi.RespondJson("{}");
        using var client = await gateway.NewKeyAsync("""{"requestsPerMinute":1}""");
        var body = """{"model":"openai/rated-1","input":"a"}""";
        using var first = await client.PostAsync("/v1/moderations", body);
        await first.ReadAsync(200);

        using var second = await client.PostAsync("/v1/moderations", body);

        Assert.Equal("rate_limit_exceeded", (await OpenAiError.ReadAsync(second, 429)).Code);
    }

    [Theory]
    [InlineData("images/generations", """{"model":"capped-1","prompt":"a"}""")]
    [InlineData("moderations", """{"model":"capped-1","input":"a"}""")]
    [InlineData("rerank", """{"model":"capped-1","query":"a","documents":["b"]}""")]
    public async Task Post_RouteWithOutputCap_SendsNoMaxTokens(string path, string body)
    {
        gateway.OpenAi.RespondJson("{}");
        await gateway.SetRouteAsync(
            "capped-1",
            """{"targets":[{"provider":"openai","model":"capped-1"}],"maxOutputTokens":4096}"""
        );

        using var response = await gateway.Client.PostAsync($"/v1/{path}", body);

        await response.ReadAsync(200);
        Assert.Equal(body, gateway.OpenAi.Last.Text);
    }

    [Fact]
    public async Task Form_FirstTargetWithoutApi_GoesToNext()
    {
        gateway.OpenAi.RespondJson("""{"text":"Hello"}""");
        await gateway.SetRouteAsync(
            "hear",
            """{"targets":[{"provider":"anthropic","model":"claude-1"},{"provider":"openai","model":"whisper-3"}]}"""
        );
        using var form = PassThroughGateway.Form([1, 2, 3], "hear");

        using var response = await gateway.Client.PostAsync(
            new Uri("/v1/audio/transcriptions", UriKind.Relative),
            form
        );

        await response.ReadAsync(200);
        Assert.Equal("openai/whisper-3", response.Headers.GetValues("x-cogniforge-target").Single());
    }

    [Theory]
    [InlineData("name=\"model\"")]
    [InlineData("name=model")]
    [InlineData("name*=utf-8''model")]
    [InlineData("name=\"a\"; name=\"model\"")]
    [InlineData("name=\"a\\\"; name=\\\"model\"")]
    public async Task Form_SecondModel_IsRefused(string disposition)
    {
        using var client = await gateway.NewKeyAsync("""{"routes":["listen"]}""");
        gateway.OpenAi.RespondJson("""{"text":"Hello"}""");
        var before = gateway.OpenAi.Calls.Count;
        var body =
            "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nlisten\r\n"
            + $"--b\r\nContent-Disposition: form-data; {disposition}\r\n\r\nwhisper-9\r\n--b--\r\n";
        using var form = new StringContent(body);
        form.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");

        using var response = await client.PostAsync(new Uri("/v1/audio/transcriptions", UriKind.Relative), form);

        await OpenAiError.ReadAsync(response, 400);
        Assert.Equal(before, gateway.OpenAi.Calls.Count);
    }

    [Fact]
    public async Task Form_ManySections_IsRefused()
    {
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 1_001; i++)
        {
            form.Add(new StringContent(""), "a");
        }

        form.Add(new StringContent("listen"), "model");

        using var response = await gateway.Client.PostAsync(
            new Uri("/v1/audio/transcriptions", UriKind.Relative),
            form
        );

        await OpenAiError.ReadAsync(response, 400);
    }

    [Fact]
    public async Task Form_LargeFileBeforeModel_IsRefused()
    {
        using var form = PassThroughGateway.Form(new byte[65 * 1024 * 1024], after: "listen");

        using var response = await gateway.Client.PostAsync(
            new Uri("/v1/audio/transcriptions", UriKind.Relative),
            form
        );

        Assert.Equal("model", (await OpenAiError.ReadAsync(response, 400)).Param);
    }
}
