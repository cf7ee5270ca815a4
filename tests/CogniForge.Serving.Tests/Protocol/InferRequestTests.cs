using System.Text;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Tests.Protocol;

public class InferRequestTests
{
    private const string Input = """{"name":"x","shape":[2,1],"datatype":"INT8","data":[1,2]}""";

    [Fact]
    public void TryParse_FullRequest_KeepsAllMembers()
    {
        var request = InferJson.Parse(
            $$"""{"id":"42","parameters":{"priority":1,"tag":"a"},"inputs":[{{Input}}],"""
                + """ "outputs":[{"parameters":{"k":3},"name":"p"},{"name":"l"}]}"""
        );
        Assert.Equal("42", request.Id);
        Assert.Equal("""{"priority":1,"tag":"a"}""", request.Parameters?.GetRawText());
        Assert.Equal("x", request.Inputs.Single().Name);
        Assert.Equal(2, request.Rows);
        Assert.Equal(["p", "l"], request.Outputs.Select(output => output.Name));
        Assert.Equal("""{"k":3}""", request.Outputs[0].Parameters?.GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"id\":null,\"parameters\":null,\"outputs\":null")]
    [InlineData(",\"outputs\":[]")]
    [InlineData(",\"unknown\":{\"a\":[{}]}")]
    [InlineData(",\"\\ud800\":1")]
    public void TryParse_OptionalMembersAbsent_AreNull(string rest)
    {
        var request = InferJson.Parse($$"""{"inputs":[{{Input}}]{{rest}}}""");
        Assert.Null(request.Id);
        Assert.Null(request.Parameters);
        Assert.Empty(request.Outputs);
    }

    [Fact]
    public void Rows_NoDimensions_IsOne() => Assert.Equal(1, InferJson.Parse(InferJson.Body("[]", "FP64", "[1]")).Rows);

    [Fact]
    public void TryParse_SpecificationExample_ReportsItsMistake() =>
        Assert.Equal(
            // The example in inference_rest.md gives one BOOL for shape [3].
            "inputs[1].data must have 3 elements by shape [3], has 1.",
            InferJson.Error(
                """
                {
                  "id" : "42",
                  "inputs" : [
                    { "name" : "input0", "shape" : [ 2, 2 ], "datatype" : "UINT32", "data" : [ 1, 2, 3, 4 ] },
                    { "name" : "input1", "shape" : [ 3 ], "datatype" : "BOOL", "data" : [ true ] }
                  ],
                  "outputs" : [ { "name" : "output0" } ]
                }
                """
            )
        );

    [Theory]
    [InlineData("{}", "inputs is required")]
    [InlineData("""{"inputs":[]}""", "inputs must have at least 1 entry")]
    [InlineData("""{"inputs":null}""", "inputs must be an array")]
    [InlineData("""{"inputs":{}}""", "inputs must be an array")]
    [InlineData("""{"inputs":[INPUT,INPUT]}""", "inputs[1].name must be unique")]
    [InlineData("""{"inputs":[INPUT],"inputs":[INPUT]}""", "inputs must not be given twice")]
    [InlineData("""{"id":7,"inputs":[INPUT]}""", "id must be a string of valid Unicode")]
    [InlineData("""{"id":"a","id":"b","inputs":[INPUT]}""", "id must not be given twice")]
    [InlineData("""{"inputs":[INPUT],"parameters":"a"}""", "parameters must be an object")]
    [InlineData("""{"inputs":[INPUT],"outputs":{}}""", "outputs must be an array")]
    [InlineData("""{"inputs":[INPUT],"outputs":[{}]}""", "outputs[0].name is required")]
    [InlineData("""{"inputs":[INPUT],"outputs":["p"]}""", "outputs[0] must be an object")]
    [InlineData(
        """{"inputs":[INPUT],"outputs":[{"name":"p"},{"name":false}]}""",
        "outputs[1].name must be a string of valid Unicode"
    )]
    [InlineData("""{"inputs":[INPUT],"outputs":[{"name":"p"},{"name":"p"}]}""", "outputs[1].name must be unique")]
    [InlineData("[]", "$ must be an object")]
    [InlineData("7", "$ must be an object")]
    [InlineData("null", "$ must be an object")]
    public void TryParse_InvalidMember_NamesPathAndRule(string json, string expected) =>
        Assert.Equal($"{expected}.", InferJson.Error(json.Replace("INPUT", Input, StringComparison.Ordinal)));

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{", 1, 2)]
    [InlineData("{\"inputs\":\n [NaN]}", 2, 3)]
    [InlineData("{\"inputs\":[INPUT]} {}", 1, 72)]
    [InlineData("{'inputs':[]}", 1, 2)]
    public void TryParse_MalformedJson_NamesLineAndByte(string json, int line, int at) =>
        Assert.Equal(
            $"$ must be well-formed JSON, at most 64 levels deep; it is not at line {line}, byte {at}.",
            InferJson.Error(json.Replace("INPUT", Input, StringComparison.Ordinal))
        );

    [Fact]
    public void TryParse_TooDeep_Fails() =>
        Assert.StartsWith(
            "$ must be well-formed JSON, at most 64 levels deep;",
            InferJson.Error($$"""{"other":{{new string('[', 100_000)}}"""),
            StringComparison.Ordinal
        );

    [Fact]
    public void TryParse_TruncatedOrDamaged_NeverThrows()
    {
        var body = Encoding.UTF8.GetBytes(
            $$"""
            {"id":"4\u00e9","parameters":{"a":1},
            "inputs":[{"data":[[1,2],[3,4]],"name":"x","shape":[2,2],"datatype":"FP16"},
            {"name":"y","shape":[2],"datatype":"BYTES","data":["\ud83d\ude00","ä"]},{{Input.Replace(
                "\"x\"",
                "\"z\"",
                StringComparison.Ordinal
            )}}],"outputs":[{"name":"p"}]}
            """
        );
        Assert.True(InferRequest.TryParse(body, InferJson.MaxElements, out _, out _));

        for (var length = 0; length < body.Length; length++)
        {
            Assert.False(InferRequest.TryParse(body.AsSpan(0, length), InferJson.MaxElements, out _, out var error));
            var message = ErrorResponse.Describe(error.Value);
            Assert.StartsWith("$ must be well-formed JSON", message, StringComparison.Ordinal);
        }

        var random = new Random(20260301);
        for (var i = 0; i < 50_000; i++)
        {
            var damaged = body.ToArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Assert.Equal(
                InferRequest.TryParse(damaged, InferJson.MaxElements, out var request, out var error),
                error is null
            );
            Assert.Equal(error is null, request is not null);
        }
    }
}
