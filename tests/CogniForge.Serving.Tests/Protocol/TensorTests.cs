using System.Text.Json;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Tests.Protocol;

public class TensorTests
{
    [Theory]
    [InlineData("[2,3]", "[1,2,3,4,5,6]")]
    [InlineData("[2,3]", "[[1,2,3],[4,5,6]]")]
    [InlineData("[6]", "[1,2,3,4,5,6]")]
    [InlineData("[1,2,1,3]", "[[[[1,2,3]],[[4,5,6]]]]")]
    [InlineData("[3,2]", " [ [ 1 , 2 ] , [ 3 , 4 ] , [ 5 , 6 ] ] ")]
    public void Data_FlatOrNested_IsRowMajor(string shape, string data)
    {
        var tensor = InferJson.Tensor(shape, "INT32", data);
        Assert.Equal(JsonSerializer.Deserialize<int[]>(shape), tensor.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], ((Tensor<int>)tensor).Data.ToArray());
    }

    [Fact]
    public void Data_NoDimensions_IsOneElement() =>
        Assert.Equal([7], InferJson.Tensor("[]", "FP64", "[7]").AsDoubles().ToArray());

    [Theory]
    [InlineData("[3]", "[1,2]", "data must have 3 elements by shape [3], has 2")]
    [InlineData("[3]", "[]", "data must have 3 elements by shape [3], has 0")]
    [InlineData("[]", "[]", "data must have 1 element by shape [], has 0")]
    [InlineData("[1]", "[1,2]", "data must have 1 element by shape [1], has more")]
    [InlineData("[2,2]", "[1,2,3]", "data must have 4 elements by shape [2,2], has 3")]
    [InlineData("[2,2]", "[1,2,3,4,5]", "data must have 4 elements by shape [2,2], has more")]
    [InlineData("[2,2]", "[[1,2]]", "data must have 2 elements by shape [2,2], has 1")]
    [InlineData("[2,2]", "[[1,2],[3]]", "data[1] must have 2 elements by shape [2,2], has 1")]
    [InlineData("[2,2]", "[[1,2],[3,4,5]]", "data[1] must have 2 elements by shape [2,2], has more")]
    [InlineData("[2,2]", "[[1,2],[3,4],[5,6]]", "data must have 2 elements by shape [2,2], has more")]
    [InlineData("[2,2]", "[[1,2],3]", "data[1] must be an array of 2 elements by shape [2,2]")]
    [InlineData("[2,2]", "[[1,2],[3,[4]]]", "data[1][1] must be a whole number from -128 to 127")]
    [InlineData("[2,2]", "[1,2,[3,4]]", "data[2] must be a whole number from -128 to 127")]
    [InlineData("[2]", "[[1,2]]", "data[0] must be a whole number from -128 to 127")]
    [InlineData("[2,2,1]", "[[1,2],[3,4]]", "data[0][0] must be an array of 1 element by shape [2,2,1]")]
    [InlineData("[2,2]", "[[1,2],[3,400]]", "data[1][1] must be a whole number from -128 to 127")]
    [InlineData("[1]", "1", "data must be an array of 1 element by shape [1]")]
    [InlineData("[1]", "{\"a\":1}", "data must be an array of 1 element by shape [1]")]
    [InlineData("[1]", "null", "data must be an array of 1 element by shape [1]")]
    public void Data_WrongShape_NamesPathAndRule(string shape, string data, string expected) =>
        Assert.Equal($"inputs[0].{expected}.", InferJson.Error(InferJson.Body(shape, "INT8", data)));

    [Theory]
    [InlineData("[0]", "shape[0] must be a whole number from 1 to 2147483647")]
    [InlineData("[2,-1]", "shape[1] must be a whole number from 1 to 2147483647")]
    [InlineData("[1.5]", "shape[0] must be a whole number from 1 to 2147483647")]
    [InlineData("[\"1\"]", "shape[0] must be a whole number from 1 to 2147483647")]
    [InlineData("[18446744073709551615]", "shape[0] must be a whole number from 1 to 2147483647")]
    [InlineData("[1001]", "shape must not bring the elements of all inputs above 1000")]
    [InlineData("[10,101]", "shape must not bring the elements of all inputs above 1000")]
    [InlineData("[2147483647,2147483647,2147483647]", "shape must not bring the elements of all inputs above 1000")]
    [InlineData("3", "shape must be an array")]
    [InlineData(
        "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]",
        "shape must have at most 32 dimensions"
    )]
    public void Shape_Invalid_NamesPathAndRule(string shape, string expected) =>
        Assert.Equal($"inputs[0].{expected}.", InferJson.Error(InferJson.Body(shape, "INT8", "[1]")));

    [Fact]
    public void Shape_MaxElements_CountsAllInputs()
    {
        var six = string.Join(',', Enumerable.Repeat(1, 600));
        var four = string.Join(',', Enumerable.Repeat(1, 400));
        var first = $$"""{"name":"a","shape":[600],"datatype":"INT8","data":[{{six}}]}""";
        Assert.Equal(
            2,
            InferJson
                .Parse($$"""{"inputs":[{{first}},{"name":"b","shape":[400],"datatype":"INT8","data":[{{four}}]}]}""")
                .Inputs.Count
        );
        Assert.Equal(
            "inputs[1].shape must not bring the elements of all inputs above 1000.",
            InferJson.Error($$"""{"inputs":[{{first}},{"name":"b","shape":[401],"datatype":"INT8","data":[1]}]}""")
        );
    }

    [Fact]
    public void Shape_LargeWithLittleData_AllocatesLittle()
    {
        var body = System.Text.Encoding.UTF8.GetBytes(InferJson.Body("[100000000]", "FP64", "[1]"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(InferRequest.TryParse(body, int.MaxValue, out _, out var error));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(
            "inputs[0].data must have 100000000 elements by shape [100000000], has 1.",
            ErrorResponse.Describe(error.Value)
        );
    }

    [Theory]
    [InlineData("""{"data":[[1,2]],"name":"x","shape":[1,2],"datatype":"INT8"}""")]
    [InlineData("""{"shape":[1,2],"data":[[1,2]],"datatype":"INT8","name":"x"}""")]
    [InlineData("""{"datatype":"INT8","data":[1,2],"other":{"a":[1]},"shape":[1,2],"name":"x"}""")]
    public void Members_AnyOrder_GiveSameTensor(string input)
    {
        var request = InferJson.Parse($$"""{"inputs":[{{input}}],"id":"after"}""");
        Assert.Equal([1, 2], request.Inputs.Single().AsDoubles().ToArray());
        Assert.Equal("after", request.Id);
    }

    [Fact]
    public void Members_InvalidDataFirst_NamesPathAndRule() =>
        Assert.Equal(
            "inputs[0].data[1] must be a whole number from -128 to 127.",
            InferJson.Error("""{"inputs":[{"data":[1,200],"name":"x","shape":[2],"datatype":"INT8"}]}""")
        );

    [Theory]
    [InlineData("""{"shape":[1],"datatype":"INT8","data":[1]}""", "name")]
    [InlineData("""{"name":"x","datatype":"INT8","data":[1]}""", "shape")]
    [InlineData("""{"name":"x","shape":[1],"data":[1]}""", "datatype")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"INT8"}""", "data")]
    public void Members_Missing_AreRequired(string input, string member) =>
        Assert.Equal($"inputs[0].{member} is required.", InferJson.Error($$"""{"inputs":[{{input}}]}"""));

    [Theory]
    [InlineData("name", "\"x\"")]
    [InlineData("shape", "[1]")]
    [InlineData("datatype", "\"INT8\"")]
    [InlineData("data", "[1]")]
    [InlineData("parameters", "{}")]
    public void Members_Duplicated_AreRejected(string member, string value)
    {
        var input =
            $$"""{"{{member}}":{{value}},"parameters":{},"name":"x","shape":[1],"datatype":"INT8","data":[1]}""";
        Assert.Equal($"inputs[0].{member} must not be given twice.", InferJson.Error($$"""{"inputs":[{{input}}]}"""));
    }

    [Fact]
    public void Members_WrongType_AreRejected()
    {
        Assert.Equal("inputs[0] must be an object.", InferJson.Error("""{"inputs":[1]}"""));
        Assert.Equal(
            "inputs[0].name must be a string of valid Unicode.",
            InferJson.Error("""{"inputs":[{"name":1}]}""")
        );
        Assert.Equal(
            "inputs[0].name must be a string of valid Unicode.",
            InferJson.Error("""{"inputs":[{"name":"\udc00"}]}""")
        );
        Assert.Equal("inputs[0].parameters must be an object.", InferJson.Error("""{"inputs":[{"parameters":[1]}]}"""));
        Assert.StartsWith(
            "inputs[0].datatype must be one of ",
            InferJson.Error("""{"inputs":[{"datatype":null}]}"""),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Parameters_Tensor_AreKept()
    {
        var tensor = InferJson
            .Parse(
                """
                {"inputs":[{"parameters":{"content_type":"np"},
                "name":"x","shape":[1],"datatype":"INT8","data":[1]}]}
                """
            )
            .Inputs.Single();
        Assert.Equal("""{"content_type":"np"}""", tensor.Parameters?.GetRawText());
    }

    [Fact]
    public void Tensor_DataDoesNotMatchShape_Throws() =>
        Assert.Throws<ArgumentException>(() => new Tensor<double>("x", Datatype.Fp64, [2, 2], [1, 2, 3]));
}
