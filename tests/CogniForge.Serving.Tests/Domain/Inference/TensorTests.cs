using System.Text.Json;
using CogniForge.Serving.Inference;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tests.Domain.Inference;

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
        var tensor = Infer.Tensor(shape, "INT32", data);
        Assert.Equal(JsonSerializer.Deserialize<int[]>(shape), tensor.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], ((Tensor<int>)tensor).Data.ToArray());
    }

    [Fact]
    public void Data_NoDimensions_IsOneElement() =>
        Assert.Equal([7], Infer.Tensor("[]", "FP64", "[7]").AsDoubles().ToArray());

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
    public void Data_NotOfItsShape_NamesWhere(string shape, string data, string expected) =>
        Assert.Equal($"inputs[0].{expected}.", Infer.Broken(Infer.Body(shape, "INT8", data)));

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
    public void Shape_Broken_NamesWhere(string shape, string expected) =>
        Assert.Equal($"inputs[0].{expected}.", Infer.Broken(Infer.Body(shape, "INT8", "[1]")));

    [Fact]
    public void Shape_MostElements_CountsAllInputsTogether()
    {
        var six = string.Join(',', Enumerable.Repeat(1, 600));
        var four = string.Join(',', Enumerable.Repeat(1, 400));
        var first = $$"""{"name":"a","shape":[600],"datatype":"INT8","data":[{{six}}]}""";
        Assert.Equal(
            2,
            Infer
                .Parse($$"""{"inputs":[{{first}},{"name":"b","shape":[400],"datatype":"INT8","data":[{{four}}]}]}""")
                .Inputs.Count
        );
        Assert.Equal(
            "inputs[1].shape must not bring the elements of all inputs above 1000.",
            Infer.Broken($$"""{"inputs":[{{first}},{"name":"b","shape":[401],"datatype":"INT8","data":[1]}]}""")
        );
    }

    [Fact]
    public void Shape_LargeWithLittleData_AllocatesLittle()
    {
        var body = System.Text.Encoding.UTF8.GetBytes(Infer.Body("[100000000]", "FP64", "[1]"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(InferRequest.TryParse(body, int.MaxValue, out _, out var broken));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal("inputs[0].data must have 100000000 elements by shape [100000000], has 1.", broken.ToString());
    }

    [Theory]
    [InlineData("""{"data":[[1,2]],"name":"x","shape":[1,2],"datatype":"INT8"}""")]
    [InlineData("""{"shape":[1,2],"data":[[1,2]],"datatype":"INT8","name":"x"}""")]
    [InlineData("""{"datatype":"INT8","data":[1,2],"other":{"a":[1]},"shape":[1,2],"name":"x"}""")]
    public void Members_InAnyOrder_AreTheSameTensor(string input)
    {
        var request = Infer.Parse($$"""{"inputs":[{{input}}],"id":"after"}""");
        Assert.Equal([1, 2], request.Inputs.Single().AsDoubles().ToArray());
        Assert.Equal("after", request.Id);
    }

    [Fact]
    public void Members_DataFirstAndBroken_NamesWhere() =>
        Assert.Equal(
            "inputs[0].data[1] must be a whole number from -128 to 127.",
            Infer.Broken("""{"inputs":[{"data":[1,200],"name":"x","shape":[2],"datatype":"INT8"}]}""")
        );

    [Theory]
    [InlineData("""{"shape":[1],"datatype":"INT8","data":[1]}""", "name")]
    [InlineData("""{"name":"x","datatype":"INT8","data":[1]}""", "shape")]
    [InlineData("""{"name":"x","shape":[1],"data":[1]}""", "datatype")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"INT8"}""", "data")]
    public void Members_Missing_AreRequired(string input, string member) =>
        Assert.Equal($"inputs[0].{member} is required.", Infer.Broken($$"""{"inputs":[{{input}}]}"""));

    [Theory]
    [InlineData("name", "\"x\"")]
    [InlineData("shape", "[1]")]
    [InlineData("datatype", "\"INT8\"")]
    [InlineData("data", "[1]")]
    [InlineData("parameters", "{}")]
    public void Members_Twice_AreRefused(string member, string value)
    {
        var input =
            $$"""{"{{member}}":{{value}},"parameters":{},"name":"x","shape":[1],"datatype":"INT8","data":[1]}""";
        Assert.Equal($"inputs[0].{member} must not be given twice.", Infer.Broken($$"""{"inputs":[{{input}}]}"""));
    }

    [Fact]
    public void Members_OfAnotherType_AreRefused()
    {
        Assert.Equal("inputs[0] must be an object.", Infer.Broken("""{"inputs":[1]}"""));
        Assert.Equal("inputs[0].name must be a string of valid Unicode.", Infer.Broken("""{"inputs":[{"name":1}]}"""));
        Assert.Equal(
            "inputs[0].name must be a string of valid Unicode.",
            Infer.Broken("""{"inputs":[{"name":"\udc00"}]}""")
        );
        Assert.Equal("inputs[0].parameters must be an object.", Infer.Broken("""{"inputs":[{"parameters":[1]}]}"""));
        Assert.StartsWith(
            "inputs[0].datatype must be one of ",
            Infer.Broken("""{"inputs":[{"datatype":null}]}"""),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Parameters_OfATensor_AreKept()
    {
        var tensor = Infer
            .Parse(
                """{"inputs":[{"parameters":{"content_type":"np"},"name":"x","shape":[1],"datatype":"INT8","data":[1]}]}"""
            )
            .Inputs.Single();
        Assert.Equal("""{"content_type":"np"}""", tensor.Parameters?.GetRawText());
    }

    [Fact]
    public void Tensor_ShapeAndDataDisagree_Throws() =>
        Assert.Throws<ArgumentException>(() => new Tensor<double>("x", Datatype.Fp64, [2, 2], [1, 2, 3]));
}
