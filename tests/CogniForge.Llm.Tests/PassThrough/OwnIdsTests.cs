using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Llm.Tests.PassThrough;

/// <summary>
/// Files, batches and responses of one account at a provider: each key sees its own, at the provider that has them
/// (litellm#11396, litellm#14279, portkey gateway#1118).
/// </summary>
public sealed class OwnIdsTests(PassThroughGateway gateway) : IClassFixture<PassThroughGateway>
{
    [Theory]
    [InlineData("GET", "/v1/files/{0}", "file-1")]
    [InlineData("DELETE", "/v1/files/{0}", "file-1")]
    [InlineData("GET", "/v1/files/{0}/content", "file-1")]
    public async Task File_OfOtherKey_IsNotFound(string method, string path, string id)
    {
        using var own = await gateway.NewKeyAsync();
        using var other = await gateway.NewKeyAsync();
        gateway.OpenAi.RespondJson($$"""{"id":"{{id}}","object":"file"}""");
        await UploadAsync(own);
        var (url, before) = (string.Format(null, path, id), gateway.OpenAi.Calls.Count);

        using var foreign = await SendAsync(other, method, url);
        using var allowed = await SendAsync(own, method, url);

        Assert.Equal("reference_not_found", (await OpenAiError.ReadAsync(foreign, 404)).Code);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(before + 1, gateway.OpenAi.Calls.Count);
        Assert.Equal((method, url), (gateway.OpenAi.Last.Method, gateway.OpenAi.Last.Path));
    }

    [Fact]
    public async Task Upload_LargeFile_IsStreamedUnchanged()
    {
        gateway.OpenAi.RespondJson("""{"id":"file-large","object":"file"}""");
        var file = new byte[40 * 1024 * 1024];
        Random.Shared.NextBytes(file);
        using var form = PassThroughGateway.Form(file);

        using var response = await gateway.Client.PostAsync(new Uri("/v1/files", UriKind.Relative), form);

        await response.ReadAsync(200);
        using var same = PassThroughGateway.Form(file);
        Assert.True((await same.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(gateway.OpenAi.Last.Body));
        Assert.True(gateway.OpenAi.Last.Headers.ContainsKey("Content-Length"));
    }

    [Fact]
    public async Task Files_List_ContainsOwnOnly()
    {
        using var own = await gateway.NewKeyAsync();
        gateway.OpenAi.RespondJson("""{"id":"file-2","object":"file"}""");
        await UploadAsync(own);
        gateway.OpenAi.RespondJson(
            """{"object":"list","data":[{"id":"file-foreign"},{"id":"file-2","x":1}],"has_more":false}"""
        );

        using var response = await own.GetAsync("/v1/files?purpose=batch&provider=openai");

        Assert.Equal(
            """{"object":"list","data":[{"id":"file-2","x":1}],"has_more":false}""",
            (await response.ReadAsync(200)).GetRawText()
        );
        Assert.Equal("/v1/files?purpose=batch", gateway.OpenAi.Last.Path);
    }

    [Fact]
    public async Task Batch_OfOwnFile_RunsAtFilesProvider()
    {
        using var own = await gateway.NewKeyAsync();
        gateway.Spare.RespondJson("""{"id":"file-spare"}""");
        await UploadAsync(own, "?provider=spare");
        gateway.Spare.RespondJson("""{"id":"batch-1","output_file_id":"file-out"}""");

        using var created = await own.PostAsync("/v1/batches", """{"input_file_id":"file-spare"}""");
        await created.ReadAsync(200);
        using var foreign = await own.PostAsync("/v1/batches", """{"input_file_id":"file-of-others"}""");
        using var read = await own.GetAsync("/v1/batches/batch-1");
        using var output = await own.GetAsync("/v1/files/file-out/content");

        Assert.Equal("input_file_id", (await OpenAiError.ReadAsync(foreign, 404)).Param);
        await read.ReadAsync(200);
        Assert.Equal(HttpStatusCode.OK, output.StatusCode);
        Assert.Equal("/v1/files/file-out/content", gateway.Spare.Last.Path);
    }

    /// <summary>
    /// Unknown ids and those of other keys get the same error, wherever they stand; OpenAI itself would make a batch of
    /// an unknown file and let it fail later.
    /// </summary>
    [Theory]
    [InlineData("/v1/batches", """{"input_file_id":"ID"}""", "input_file_id")]
    [InlineData("/v1/batches", """{"input_file_id":"ID","input_file_id":"file-of-own"}""", "input_file_id")]
    [InlineData("/v1/batches", """{"input_file_id":["ID"]}""", "input_file_id")]
    [InlineData("/v1/batches", """{"input_file_id":"file-of-own","Input_File_Id":"ID"}""", "input_file_id")]
    [InlineData("/v1/batches", """{"input_file_id":"file-of-own","a":[{"input_file_id":"ID"}]}""", "input_file_id")]
    [InlineData(
        "/v1/responses",
        """{"model":"openai/m","input":"Hi","tools":[{"type":"file_search","vector_store_ids":["ID"]}]}""",
        "tools[0].vector_store_ids"
    )]
    [InlineData(
        "/v1/responses",
        """
        {"model":"openai/m","input":[{"role":"user","content":[{"type":"input_file","file_id":"ID"}]}]}
        """,
        "input[0].content[0].file_id"
    )]
    public async Task Post_ForeignOrUnknownId_IsNotFound(string path, string body, string param)
    {
        using var own = await gateway.NewKeyAsync();
        using var other = await gateway.NewKeyAsync();
        gateway.OpenAi.RespondJson("""{"id":"file-of-own"}""");
        await UploadAsync(own);
        gateway.OpenAi.RespondJson("""{"id":"file-of-other"}""");
        await UploadAsync(other);
        var before = gateway.OpenAi.Calls.Count;

        foreach (var id in new[] { "file-unknown", "file-of-other" })
        {
            using var response = await own.PostAsync(path, body.Replace("ID", id, StringComparison.Ordinal));

            var error = await OpenAiError.ReadAsync(response, 404);
            Assert.Equal(("reference_not_found", param), (error.Code, error.Param));
        }

        Assert.Equal(before, gateway.OpenAi.Calls.Count);
    }

    [Fact]
    public async Task Response_OfOwnKey_CanBeReadCancelledAndDeleted()
    {
        using var own = await gateway.NewKeyAsync();
        using var other = await gateway.NewKeyAsync();
        gateway.OpenAi.RespondJson(
            """
            {"id":"resp_7","object":"response","model":"gpt-r","status":"completed","output":[],
             "usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}
            """
        );
        using var created = await own.PostAsync("/v1/responses", """{"model":"openai/gpt-r","input":"Hi"}""");
        await created.ReadAsync(200);

        foreach (
            var (method, path) in new[]
            {
                ("GET", "/v1/responses/resp_7?include[]=x"),
                ("GET", "/v1/responses/resp_7/input_items"),
                ("POST", "/v1/responses/resp_7/cancel"),
                ("DELETE", "/v1/responses/resp_7"),
            }
        )
        {
            using var foreign = await SendAsync(other, method, path);
            Assert.Equal(404, (int)foreign.StatusCode);
            using var read = await SendAsync(own, method, path);
            await read.ReadAsync(200);
            Assert.Equal(
                (method, Uri.UnescapeDataString(path)),
                (gateway.OpenAi.Last.Method, Uri.UnescapeDataString(gateway.OpenAi.Last.Path))
            );
        }
    }

    [Fact]
    public async Task Files_AnthropicVersion_GoToAnthropic()
    {
        using var own = await gateway.NewKeyAsync();
        own.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");
        own.DefaultRequestHeaders.Add("anthropic-beta", "files-api-2025-04-14");
        gateway.Anthropic.RespondJson("""{"id":"file_011","type":"file"}""");
        await UploadAsync(own);

        Assert.Equal("sk-ant-key-of-this-test", gateway.Anthropic.Last.Headers["x-api-key"]);
        Assert.Equal("files-api-2025-04-14", gateway.Anthropic.Last.Headers["anthropic-beta"]);
        using var missing = await own.GetAsync("/v1/files/file_of_others");
        var error = await missing.ReadAsync(404);
        Assert.Equal("error", error.GetProperty("type").GetString());
    }

    [Fact]
    public async Task MessageBatch_ResultsUrl_IsThatOfGateway()
    {
        using var own = await gateway.NewKeyAsync();
        gateway.Anthropic.RespondJson(
            """
            {"id":"msgbatch_1","type":"message_batch",
             "results_url":"https://api.anthropic.com/v1/messages/batches/msgbatch_1/results"}
            """
        );
        using var created = await own.PostAsync("/v1/messages/batches", """{"requests":[]}""");
        var url = (await created.ReadAsync(200)).GetProperty("results_url").GetString()!;
        Assert.Equal(new Uri(gateway.Address, "/v1/messages/batches/msgbatch_1/results"), new Uri(url));
        gateway.Anthropic.Respond = async (_, r) =>
        {
            r.ContentType = "application/x-jsonl";
            await r.WriteAsync("{\"custom_id\":\"a\"}\n{\"custom_id\":\"b\"}\n");
        };

        var results = await own.GetStringAsync(new Uri(url));

        Assert.Equal("{\"custom_id\":\"a\"}\n{\"custom_id\":\"b\"}\n", results);
    }

    [Fact]
    public async Task File_GoneAtProvider_Returns404()
    {
        using var own = await gateway.NewKeyAsync();
        gateway.OpenAi.RespondJson("""{"id":"file-gone"}""");
        await UploadAsync(own);
        gateway.OpenAi.RespondJson("""{"error":{"message":"No such File object: file-gone"}}""", 404);

        using var response = await own.GetAsync("/v1/files/file-gone");

        Assert.Equal("No such File object: file-gone", (await OpenAiError.ReadAsync(response, 404)).Message);
    }

    [Fact]
    public async Task FileContent_Head_EndsAfterHeaders()
    {
        using var own = await gateway.NewKeyAsync();
        gateway.OpenAi.RespondJson("""{"id":"file-head"}""");
        await UploadAsync(own);
        var ended = new TaskCompletionSource();
        gateway.OpenAi.Respond = async (_, r) =>
        {
            r.ContentType = "application/x-endless";
            r.HttpContext.RequestAborted.Register(ended.SetResult);
            await r.WriteAsync("first");
            await r.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, r.HttpContext.RequestAborted);
        };

        using var response = await SendAsync(own, "HEAD", "/v1/files/file-head/content");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/x-endless", response.Content.Headers.ContentType?.MediaType);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Upload_UnknownProvider_IsRefused()
    {
        using var form = PassThroughGateway.Form([1]);

        using var response = await gateway.Client.PostAsync(
            new Uri("/v1/files?provider=nothing", UriKind.Relative),
            form
        );

        Assert.Equal("provider_not_found", (await OpenAiError.ReadAsync(response, 400)).Code);
    }

    private static async Task UploadAsync(HttpClient client, string query = "")
    {
        using var form = PassThroughGateway.Form(Encoding.UTF8.GetBytes("{}"));
        using var response = await client.PostAsync(new Uri($"/v1/files{query}", UriKind.Relative), form);
        await response.ReadAsync(200);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Parse(method), path));
}
