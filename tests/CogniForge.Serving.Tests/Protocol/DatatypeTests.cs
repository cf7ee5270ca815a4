using System.Text.Json;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Tests.Protocol;

public class DatatypeTests
{
    [Theory]
    [InlineData("BOOL", "[true,false]")]
    [InlineData("UINT8", "[0,255]")]
    [InlineData("UINT16", "[0,65535]")]
    [InlineData("UINT32", "[0,4294967295]")]
    [InlineData("UINT64", "[0,18446744073709551615]")]
    [InlineData("INT8", "[-128,127]")]
    [InlineData("INT16", "[-32768,32767]")]
    [InlineData("INT32", "[-2147483648,2147483647]")]
    [InlineData("INT64", "[-9223372036854775808,9223372036854775807]")]
    [InlineData("FP16", "[-65504,0.5]")]
    [InlineData("FP32", "[-3.4028235E+38,0.1]")]
    [InlineData("FP64", "[-1.7976931348623157E+308,5E-324]")]
    [InlineData("BYTES", """["","n\u00E4h \uD83D\uDE00"]""")]
    public void WriteTo_ParsedTensor_RoundTrips(string datatype, string data)
    {
        var tensor = InferJson.Tensor("[2]", datatype, data);
        var written = InferJson.Write(tensor.WriteToAsync).Replace("\\u002B", "+", StringComparison.Ordinal);
        Assert.Equal($$"""{"name":"x","datatype":"{{datatype}}","shape":[2],"data":{{data}}}""", written);
    }

    [Theory]
    [InlineData("BOOL", "0", "must be true or false")]
    [InlineData("BOOL", "\"true\"", "must be true or false")]
    [InlineData("UINT8", "-1", "must be a whole number from 0 to 255")]
    [InlineData("UINT8", "256", "must be a whole number from 0 to 255")]
    [InlineData("UINT16", "65536", "must be a whole number from 0 to 65535")]
    [InlineData("UINT32", "4294967296", "must be a whole number from 0 to 4294967295")]
    [InlineData("UINT64", "18446744073709551616", "must be a whole number from 0 to 18446744073709551615")]
    [InlineData("INT8", "128", "must be a whole number from -128 to 127")]
    [InlineData("INT8", "-129", "must be a whole number from -128 to 127")]
    [InlineData("INT16", "32768", "must be a whole number from -32768 to 32767")]
    [InlineData("INT32", "2147483648", "must be a whole number from -2147483648 to 2147483647")]
    [InlineData(
        "INT64",
        "9223372036854775808",
        "must be a whole number from -9223372036854775808 to 9223372036854775807"
    )]
    [InlineData("INT32", "1.5", "must be a whole number from -2147483648 to 2147483647")]
    [InlineData("INT32", "true", "must be a whole number from -2147483648 to 2147483647")]
    [InlineData("INT32", "\"1\"", "must be a whole number from -2147483648 to 2147483647")]
    [InlineData(
        "FP16",
        "65520",
        "must be a number from -65504 to 65504, or null if missing"
    )] // the smallest that rounds to infinity
    [InlineData(
        "FP32",
        "3.5e38",
        "must be a number from -3.4028234663852886E+38 to 3.4028234663852886E+38, or null if missing"
    )]
    [InlineData(
        "FP64",
        "-1e309",
        "must be a number from -1.7976931348623157E+308 to 1.7976931348623157E+308, or null if missing"
    )]
    [InlineData(
        "FP64",
        "\"NaN\"",
        "must be a number from -1.7976931348623157E+308 to 1.7976931348623157E+308, or null if missing"
    )]
    [InlineData(
        "FP64",
        "{}",
        "must be a number from -1.7976931348623157E+308 to 1.7976931348623157E+308, or null if missing"
    )]
    [InlineData("BYTES", "1", "must be a string of valid Unicode")]
    [InlineData("BYTES", "\"\\ud800\"", "must be a string of valid Unicode")]
    public void Read_ElementOutOfRange_NamesPathAndRange(string datatype, string element, string rule)
    {
        var good = datatype switch
        {
            "BOOL" => "true",
            "BYTES" => "\"\"",
            _ => "1",
        };
        Assert.Equal(
            $"inputs[0].data[1] {rule}.",
            InferJson.Error(InferJson.Body("[3]", datatype, $"[{good},{element},{good}]"))
        );
    }

    [Theory]
    [InlineData("FP16")]
    [InlineData("FP32")]
    [InlineData("FP64")]
    public void Read_Null_IsMissingValue(string datatype)
    {
        var tensor = InferJson.Tensor("[2]", datatype, "[1,null]");
        Assert.Equal([1, double.NaN], tensor.AsDoubles().ToArray());
        Assert.Contains("\"data\":[1,null]", InferJson.Write(tensor.WriteToAsync), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Fp16AndFp32_RoundToPrecision()
    {
        Assert.Equal(0.0999755859375, InferJson.Tensor("[1]", "FP16", "[0.1]").AsDoubles()[0]);
        Assert.Equal(65504, InferJson.Tensor("[1]", "FP16", "[65519]").AsDoubles()[0]);
        Assert.Equal(0.10000000149011612, InferJson.Tensor("[1]", "FP32", "[0.1]").AsDoubles()[0]);
    }

    [Theory]
    [InlineData("UINT64", 18446744073709551615d)]
    [InlineData("INT8", -7)]
    [InlineData("FP32", -2.5)]
    [InlineData("FP64", 0.1)]
    public void AsDoubles_Numeric_ReturnsNumber(string datatype, double value)
    {
        var json = datatype == "UINT64" ? "18446744073709551615" : JsonSerializer.Serialize(value);
        Assert.Equal(value, InferJson.Tensor("[1]", datatype, $"[{json}]").AsDoubles()[0]);
    }

    [Theory]
    [InlineData("BOOL", "true")]
    [InlineData("BYTES", "\"1\"")]
    public void AsDoubles_NotNumeric_Throws(string datatype, string element) =>
        Assert.Throws<InvalidOperationException>(() =>
            InferJson.Tensor("[1]", datatype, $"[{element}]").AsDoubles().Length
        );

    [Theory]
    [InlineData("fp64")] // case-sensitive
    [InlineData("BF16")]
    [InlineData("STRING")]
    public void Datatype_Unknown_NamesKnownOnes(string datatype) =>
        Assert.Equal(
            "inputs[0].datatype must be one of "
                + "BOOL, BYTES, FP16, FP32, FP64, INT16, INT32, INT64, INT8, UINT16, UINT32, UINT64, UINT8.",
            InferJson.Error(InferJson.Body("[1]", datatype, "[1]"))
        );
}
